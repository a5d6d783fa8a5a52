import { readFileSync } from "node:fs";
import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Package, type SqlRow, sql } from "#t4/index.js";
import { enterBuckets, type ServedBuckets } from "../served-buckets.js";
import { temporaryDirectory } from "../temporary.js";

const ARROW = readFileSync(new URL("../content/golden/types.arrow", import.meta.url));

describe.each(["plain", "versioned"])("sql on a registry in a bucket that is %s", (bucket) => {
  const registry = `s3://${bucket}/team`;
  let served: ServedBuckets;
  let first: string;

  beforeAll(async () => {
    served = await enterBuckets();
    const pkg = await new Package().setText("cities.csv", "city,celsius\nOslo,21\nRome,30\n");
    first = await pkg.push("alice/weather", registry, { message: "First" });
    await pkg.setText("cities.csv", "city,celsius\nOslo,5\nRome,31\n");
    await pkg.push("alice/weather", registry, { message: "Second" });
    await (await new Package().setBytes("t.arrow", ARROW)).setMeta({ instrument: "x" }).push("bob/types", registry);
  });
  afterAll(async () => {
    await served.close();
  });

  beforeEach(() => enterEnvironment({ XDG_CACHE_HOME: join(temporaryDirectory(), "cache") }));

  const rows = async (statement: string, options = {}): Promise<SqlRow[]> =>
    (await sql(statement, { registry, ...options })).toArray();
  const objects = (): number =>
    served.server.log.entries.filter(({ method, key }) => method === "GET" && /\.(?:csv|arrow)$/.test(key)).length;

  it("reads each file that is named once, and no other", async () => {
    const before = objects();
    const statement = `select city, now.celsius - before.celsius as change from 'alice/weather/cities.csv' as now
      join 'alice/weather@${first.slice(0, 12)}/cities.csv' as before using (city) order by city`;
    expect(await rows(statement)).toEqual([
      { city: "Oslo", change: -16n },
      { city: "Rome", change: 1n },
    ]);
    expect(objects() - before).toBe(2);
    expect(await rows("select count(*) as n from 'bob/types/t.arrow' where \"bool\"")).toEqual([{ n: 1n }]);
  });

  it("answers questions about all packages without reading any file of them", async () => {
    const before = objects();
    expect(await rows("select author, sum(entries) as files from t4.packages group by author order by author")).toEqual(
      [
        { author: "alice", files: 1n },
        { author: "bob", files: 1n },
      ],
    );
    expect(await rows("select message from t4.revisions where author = 'alice' order by message")).toEqual([
      { message: "First" },
      { message: "Second" },
    ]);
    expect(await rows("select pkg_name from t4.metadata where (metadata->>'instrument') = 'x'")).toEqual([
      { pkg_name: "bob/types" },
    ]);
    const [entry] = await rows("select physical_key, size from t4.entries where logical_key = 't.arrow'");
    expect(entry).toMatchObject({
      size: BigInt(ARROW.length),
      physical_key: expect.stringContaining(`s3://${bucket}/`),
    });
    expect(objects()).toBe(before);
  });

  it("refuses bytes that are not those of the package", async () => {
    const key =
      served.simulator
        .bucket(bucket)
        .objects.keys()
        .find((name) => name.endsWith(".arrow")) ?? "";
    const newest = served.simulator.bucket(bucket).objects.newest(key);
    if (newest === undefined) throw new Error("There is no such object.");
    const body = Buffer.from(newest.body);
    body.writeUInt8(body.readUInt8(100) ^ 1, 100);
    served.simulator.bucket(bucket).objects.add({ ...newest, body });
    await expect(rows("from 'bob/types/t.arrow'")).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
  });
});
