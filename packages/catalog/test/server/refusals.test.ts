import { beforeAll, describe, expect, it } from "vitest";
import type { ApiError, PackageList } from "#server/api.js";
import { type TestCatalog, temporaryHome, testCatalog } from "../fixture.js";
import { REFUSALS, useRefusingBuckets } from "../refusing-buckets.js";

const home = temporaryHome();
const buckets = useRefusingBuckets(home);
const ids = new Map<string, string>();
let catalog: TestCatalog;

beforeAll(async () => {
  catalog = testCatalog();
  for (const name of Object.keys(REFUSALS)) ids.set(name, (await catalog.registries.open(`s3://${name}`)).id);
  buckets.isRefusing = true;
});

const packages = (name: string): string => `/api/v1/r/${ids.get(name)}/packages`;

/** What is said of each, and the command that helps. */
const WAYS_ON: Readonly<Record<keyof typeof REFUSALS, readonly [number, RegExp, string | undefined]>> = {
  denied: [403, /Check that these credentials may do this in this bucket/, "t4 doctor s3://denied"],
  gone: [404, /Check the bucket's name and the endpoint/, undefined],
  expired: [403, /Sign in again/, "aws sso login"],
  "wrong-key": [403, /secret access key is not the right one/, "t4 doctor s3://wrong-key"],
};

describe.each(Object.entries(WAYS_ON))("a bucket that is %s", (name, [status, hint, command]) => {
  it("is told with what S3 said, and with a way on", async () => {
    const response = await catalog.get(packages(name));
    const told = (await response.json()) as ApiError;
    expect(response.status).toBe(status);
    expect(told.message).toContain(`${REFUSALS[name as keyof typeof REFUSALS].join(" (")}: Refused, ${name}.`);
    expect(told.hint).toMatch(hint);
    expect(told.command).toBe(command);
    expect(JSON.stringify(told)).not.toMatch(/AKID|secret-of|Signature=/);
  });
});

it("what was refused is asked for again, without a new start of the catalog", async () => {
  buckets.isRefusing = false;
  const lists = [...ids.keys()].map(async (name) => catalog.json<PackageList>(packages(name)));
  expect(await Promise.all(lists)).toEqual([...ids.keys()].map(() => ({ names: [] })));
});
