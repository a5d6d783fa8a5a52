import { T4Error, type T4ErrorCode } from "t4";
import { expect, it } from "vitest";
import { nextCommand } from "#server/next-command.js";

const INSTALL = "npm install @duckdb/node-api installs it; with --global, where t4 was.";
const said = (code: T4ErrorCode, hint: string, s3Code?: string): string | undefined =>
  nextCommand(new T4Error(code, "No.", { hint, facts: s3Code === undefined ? {} : { url: "s3://lab/key", s3Code } }));

it("is one that can be pasted, where there is one", () => {
  expect(said("ERR_T4_UNSUPPORTED", INSTALL)).toBe("npm install @duckdb/node-api");
  expect(said("ERR_T4_UNSUPPORTED", "This server lacks what T4 needs here.", "NotImplemented")).toBeUndefined();
  expect(said("ERR_T4_ACCESS", "Check it.", "AccessDenied")).toBe("t4 doctor s3://lab");
  expect(said("ERR_T4_ACCESS", "Check it.", "ExpiredToken")).toBe("aws sso login");
  expect(said("ERR_T4_ACCESS", "Check it.")).toBeUndefined();
  expect(said("ERR_T4_NOT_FOUND", "Check it.", "NoSuchBucket")).toBeUndefined();
});
