import { createClient, httpExchange } from "testkit/s3/client.js";
import { noFaults, scriptedFaults } from "testkit/s3/fault-plan.js";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DirectoryPage, RegistryRow, Resolved } from "#server/api.js";
import type { CatalogOptions, RunningCatalog } from "#server/main.js";
import { HOST, push, type TestCatalog, temporaryHome, testCatalog } from "../fixture.js";
import { useBuckets } from "../served-buckets.js";

const home = temporaryHome();
const buckets = useBuckets(home);
const LARGE = Uint8Array.from({ length: 17 << 20 }, (_, i) => i % 251);

/** All that came out of the catalog. */
let told: string;
let catalog: TestCatalog;

beforeAll(() => {
  catalog = testCatalog();
});
beforeEach(() => {
  told = "";
});

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const response = await catalog.get(path, headers);
  told += JSON.stringify([...response.headers]);
  if (response.headers.get("Content-Type")?.includes("json") === true) told += await response.clone().text();
  return response;
}

async function json<Answer>(path: string): Promise<Answer> {
  return (await (await get(path)).json()) as Answer;
}

describe.each(["s3://lab-data", "s3://plain/team"])("a registry in %s", (registry) => {
  let base: string;
  let resolved: Resolved;

  beforeAll(async () => {
    await push({ registry, name: "alice/a" }, { "a.txt": "first" }, { message: "First" });
    const files = { "README.md": "# Read me", "data/a.csv": "x\n1\n", "data/large.bin": LARGE };
    await push({ registry, name: "alice/a" }, files, { message: "Second", meta: { n: 1 } });
    const { id } = await catalog.registries.open(registry);
    base = `/api/v1/r/${id}`;
    resolved = await catalog.json(`${base}/p/alice/a/resolve`);
  });

  it("is shown as a folder is: packages, history, directories, facts of files", async () => {
    expect(await json(`${base}/packages`)).toEqual({ names: ["alice/a"] });
    const summary = JSON.parse(await (await get(`${base}/summaries?name=alice/a`)).text());
    expect(summary).toMatchObject({ message: "Second", revisions: 2, count: 3 });
    expect(await json(`${base}/p/alice/a/revisions`)).toMatchObject({ total: 2, rows: [{ message: "Second" }, {}] });
    const at = `${base}/p/alice/a/m/${resolved.topHash}`;
    expect(await json(at)).toMatchObject({ meta: { n: 1 }, count: 3 });
    const { children, readme } = await json<DirectoryPage>(`${at}/dir?path=`);
    expect(children.map(({ name, count }) => [name, count])).toEqual([
      ["data", 2],
      ["README.md", 1],
    ]);
    expect(readme).toBe("README.md");
    expect(await json(`${at}/entry?path=data/a.csv`)).toMatchObject({
      size: 4,
      physicalKey: expect.stringMatching(/^s3:\/\//),
    });
    const compared = await json(`${at}/compare/${await hashOf("latest~1")}`);
    expect(compared).toMatchObject({ counts: { added: 3, removed: 1 } });
  });

  const hashOf = async (revision: string): Promise<string> =>
    (await json<Resolved>(`${base}/p/alice/a/resolve?revision=${revision}`)).topHash;

  it("gives the bytes of files, small ones verified, and of large ones only what is asked for", async () => {
    const small = await get(`${resolved.raw}data/a.csv`);
    expect([await small.text(), small.headers.get("T4-Verified")]).toEqual(["x\n1\n", "1"]);
    const { server } = buckets();
    server.log.clear();
    const part = await get(`${resolved.raw}data/large.bin`, { Range: "bytes=1000000-1000099" });
    expect(part.status).toBe(206);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(LARGE.slice(1_000_000, 1_000_100));
    expect(server.log.bytes().received).toBe(100);
    expect(server.log.entries.map(({ headers }) => headers["range"])).toEqual(["bytes=1000000-1000099"]);
  });

  it("is what the command opens, by its URL, a package's name or a Quilt URI", async () => {
    const server = new URL("../../../t4/dist/catalog/server.js", import.meta.url).href;
    const { startCatalog } = (await import(/* @vite-ignore */ server)) as {
      startCatalog: (options: CatalogOptions) => Promise<RunningCatalog>;
    };
    const opens = async (options: CatalogOptions): Promise<string> => {
      const running = await startCatalog(options);
      await running.close();
      return new URL(running.url).pathname;
    };
    const page = base.replace("/api/v1", "");
    expect(await opens({ target: registry })).toBe(page);
    expect(await opens({ target: "alice/a/data/a.csv", registry })).toBe(`${page}/p/alice/a/files/data/a.csv`);
    const uri = "quilt+s3://lab-data#package=alice/a@latest~1";
    expect(await opens({ target: uri })).toMatch(/^\/r\/lab-data-[0-9a-f]{8}\/p\/alice\/a@latest~1$/);
  });

  it("verifies", async () => {
    const path = `${base}/p/alice/a/m/${resolved.topHash}/verify`;
    const lines = (await (await catalog.post(path, {})).text()).trim().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ files: 3, damagedCount: 0, isDone: true });
  });

  it("is found by its URI", async () => {
    const uri = `quilt+${registry}#package=alice/a@${resolved.topHash}&path=data/a.csv`;
    const { href } = await json<{ href: string }>(`/api/v1/locate?q=${encodeURIComponent(uri)}`);
    expect(href).toMatch(new RegExp(`/p/alice/a@${resolved.topHash}/files/data/a.csv$`));
  });

  it("tells a browser nothing of the credentials that it was read with", async () => {
    for (const path of ["/api/v1/registries", `${base}/packages`, `${base}/p/alice/a/resolve`]) await get(path);
    await get(`${base}/p/alice/none/resolve`);
    await get(`${resolved.raw}data/large.bin`, { Range: "bytes=0-9" });
    expect(told).toContain("alice/a");
    const { account } = buckets();
    for (const secret of [account.accessKeyId, account.secretAccessKey, "Signature", "x-amz"]) {
      expect(told).not.toContain(secret);
    }
  });
});

it("a clock that is wrong is put right by what the server says of the time, and hides nothing", async () => {
  const { server } = buckets();
  server.setFaults(scriptedFaults([{ fault: { kind: "skewed-clock" }, operation: "ListObjectsV2" }]));
  const { id } = await testCatalog().registries.open("s3://lab-data");
  expect(await json(`/api/v1/r/${id}/packages`)).toEqual({ names: ["alice/a"] });
  server.setFaults(noFaults);
});

describe("the list of registries", () => {
  it("names buckets, and asks none of them", async () => {
    const { server } = buckets();
    const next = testCatalog();
    server.log.clear();
    const rows = await next.json<RegistryRow[]>("/api/v1/registries");
    expect(rows.filter(({ kind }) => kind === "bucket").map(({ label }) => label)).toEqual(
      expect.arrayContaining(["lab-data", "plain/team"]),
    );
    expect(rows.find(({ label }) => label === "lab-data")).toMatchObject({ location: "s3://lab-data", packages: null });
    expect(server.log.count()).toBe(0);
  });

  it("takes no bucket that is not there, and no place that is none", async () => {
    const open = async (location: string): Promise<unknown> => {
      const response = await catalog.post("/api/v1/registries", { location });
      return { status: response.status, ...((await response.json()) as object) };
    };
    expect(await open("s3://no-such-bucket")).toMatchObject({ status: 404, code: "ERR_T4_NOT_FOUND" });
    expect(await open("s3://plain/../x")).toMatchObject({ status: 400 });
    expect(await open("s3://plain/new")).toMatchObject({ id: expect.stringMatching(/^new-/) });
  });
});

describe("a package that leads to another bucket", () => {
  let raw: string;
  let id: string;

  /** Publishes a package in `plain` whose only file is said to be in the bucket `other`. */
  beforeAll(async () => {
    const { simulator, server, account } = buckets();
    await push({ registry: "s3://plain/trap", name: "eve/trap" }, { "a.txt": "secret" });
    simulator.createBucket("other");
    const exchange = httpExchange(server.url);
    const client = createClient({ host: new URL(server.url).host, exchange, account });
    await client.send({ method: "PUT", bucket: "other", key: "private.txt", body: Buffer.from("secret") });
    const { objects } = simulator.bucket("plain");
    for (const key of objects.keys().filter((each) => each.startsWith("trap/.quilt/packages/"))) {
      const newest = objects.newest(key);
      if (newest === undefined || newest.isDeleteMarker) throw new Error(`${key} is gone.`);
      const text = Buffer.from(newest.body).toString();
      const body = Buffer.from(
        text.replace(/"physical_keys": \["[^"]*"\]/, `"physical_keys": ["s3://other/private.txt"]`),
      );
      await client.send({ method: "PUT", bucket: "plain", key, body });
    }
    exchange.close();
    ({ id } = await catalog.registries.open("s3://plain/trap"));
    ({ raw } = await catalog.json<Resolved>(`/api/v1/r/${id}/p/eve/trap/resolve`));
  });

  it("is read as everybody may read there, and no credentials go there", async () => {
    const { server } = buckets();
    server.log.clear();
    const response = await get(`${raw}a.txt`);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: "ERR_T4_ACCESS",
      hint: expect.stringContaining("--trust-bucket other"),
    });
    const asked = server.log.entries.filter(({ bucket }) => bucket === "other");
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every(({ headers }) => headers["authorization"] === undefined)).toBe(true);
  });

  it("is read with the user's credentials where the user trusts it", async () => {
    const trusting = testCatalog({ trustBuckets: ["other"] });
    const resolved = await trusting.json<Resolved>(`/api/v1/r/${id}/p/eve/trap/resolve`);
    const response = await trusting.app.request(`http://${HOST}${resolved.raw}a.txt`, { headers: { Host: HOST } });
    expect(await response.text()).toBe("secret");
  });
});
