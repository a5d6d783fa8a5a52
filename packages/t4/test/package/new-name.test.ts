import { cpSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

describe("the name of a new package", () => {
  let registry: string;

  beforeEach(() => {
    registry = join(temporaryDirectory(), "registry");
  });

  const push = (name: string): Promise<string> => new Package().push(name, registry);

  it.each([
    ["josé/data", /ASCII/],
    ["alice/データ", /ASCII/],
    ["alice/αlpha", /ASCII/],
    [`alice/${"x".repeat(95)}`, /101 characters/],
    ["con/data", /device/],
    ["alice/LPT1", /device/],
    ["alice/nul", /device/],
  ])("may not be %s, and nothing is written", async (name, message) => {
    await expect(push(name)).rejects.toMatchObject({
      code: "ERR_T4_INVALID_NAME",
      message: expect.stringMatching(message),
    });
    await expect(push("alice/ok")).resolves.toMatch(/^[0-9a-f]{64}$/);
    const names: string[] = [];
    for await (const found of (await openRegistry(registry)).packages()) names.push(found);
    expect(names).toEqual(["alice/ok"]);
  });

  it.each(["alice/console", "com10/x", "a_b/c-d", `alice/${"x".repeat(94)}`, "0/1"])("may be %s", async (name) => {
    await expect(push(name)).resolves.toMatch(/^[0-9a-f]{64}$/);
  });

  it("may not differ from that of another only in case", async () => {
    await push("alice/Weather");
    await expect(push("alice/weather")).rejects.toMatchObject({
      code: "ERR_T4_INVALID_NAME",
      message: expect.stringContaining("alice/Weather"),
    });
    await expect(push("Alice/other")).resolves.toMatch(/^[0-9a-f]{64}$/);
    await expect(push("alice/Weather")).resolves.toMatch(/^[0-9a-f]{64}$/);
  });

  it("does not matter for a package that is there: it is read and published as ever", async () => {
    await push("alice/old");
    const pointers = join(registry, ".quilt/named_packages");
    cpSync(join(pointers, "alice/old"), join(pointers, "josé/データ"), { recursive: true });
    const pkg = await Package.browse("josé/データ", { registry });
    await (await pkg.setText("a.txt", "a")).push("josé/データ", registry);
    expect((await Package.browse("josé/データ@latest~1", { registry })).count).toBe(0);
  });
});
