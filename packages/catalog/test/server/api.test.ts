import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Package } from "t4";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { HOST, push, type TestCatalog, temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "registry");
const files = {
  "README.md": "# Hi",
  "data/a.csv": "x\n1\n",
  "data/b.csv": "x\n2\n3\n",
  "data/deep/c.bin": "ccc",
  "z.txt": "",
};
let catalog: TestCatalog;
let id: string;
let first: string;
let second: string;
let base: string;

beforeAll(async () => {
  first = await push({ registry, name: "alice/a" }, { "a.txt": "a" }, { message: "First" });
  second = await push({ registry, name: "alice/a" }, files, { message: "Second", meta: { n: 1, big: 2n ** 70n } });
  await push({ registry, name: "bob/b" }, { "b.txt": "b" });
  catalog = testCatalog();
  ({ id } = await catalog.registries.open(registry));
  base = `/api/v1/r/${id}/p/alice/a`;
});

const refusal = async (path: string): Promise<unknown> => {
  const response = await catalog.get(path);
  const { code, message, hint } = (await response.json()) as Record<string, string>;
  return { status: response.status, code, message, hint };
};

describe("registries", () => {
  it("are this user's own and those that were opened, and are remembered for the next run", async () => {
    const rows =
      await catalog.json<{ id: string; kind: string; location: string; packages: number }[]>("/api/v1/registries");
    expect(await catalog.json(`/api/v1/r/${rows[0]?.id}/packages`)).toEqual({ names: [] });
    expect(rows).toMatchObject([
      { kind: "local", location: "local", packages: 0 },
      { id, kind: "folder", location: registry, packages: 2 },
    ]);
    const next = testCatalog();
    expect((await next.json<{ id: string }[]>("/api/v1/registries")).map((row) => row.id)).toContain(id);
  });

  it("open by their path", async () => {
    expect(await (await catalog.post("/api/v1/registries", { location: ` ${registry} ` })).json()).toEqual({ id });
  });

  it.each([
    ["a folder that is none", 404, "ERR_T4_NOT_FOUND"],
    ["relative/path", 400, "ERR_T4_USAGE"],
    ["", 400, "ERR_T4_USAGE"],
    [7, 400, "ERR_T4_USAGE"],
    ["https://example.com/registry", 400, "ERR_T4_USAGE"],
  ])("that is %j is refused, with what to do next", async (named, status, code) => {
    const location = named === "a folder that is none" ? home : named;
    const response = await catalog.post("/api/v1/registries", { location });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, hint: expect.any(String) });
  });

  it("that nobody opened do not exist, whatever the address says", async () => {
    for (const reg of ["unknown", "..", encodeURIComponent(`file://${registry}`), encodeURIComponent(registry)]) {
      expect(await refusal(`/api/v1/r/${reg}/packages`)).toMatchObject({ status: 404, code: "ERR_T4_NOT_FOUND" });
    }
  });

  it("include a sample that is made once", async () => {
    const made = (await (await catalog.post("/api/v1/sample", {})).json()) as { id: string };
    const again = (await (await catalog.post("/api/v1/sample", {})).json()) as { id: string };
    expect(again).toEqual(made);
    const { names } = await catalog.json<{ names: string[] }>(`/api/v1/r/${made.id}/packages`);
    expect(names).toEqual(["demo/hello", "demo/weather"]);
    expect(await catalog.json(`/api/v1/r/${made.id}/p/demo/weather/revisions`)).toMatchObject({ total: 2 });
  });
});

describe("packages", () => {
  it("are listed and summarised, a line each", async () => {
    expect(await catalog.json(`/api/v1/r/${id}/packages`)).toEqual({ names: ["alice/a", "bob/b"] });
    const text = await (await catalog.get(`/api/v1/r/${id}/summaries?name=alice/a&name=bob/b&name=no/package`)).text();
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { name: string });
    expect(lines.sort((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject([
      { name: "alice/a", topHash: second, message: "Second", revisions: 2, count: 5, bytes: 17 },
      { name: "bob/b", count: 1, bytes: 1, message: null },
      { name: "no/package", error: { code: "ERR_T4_NOT_FOUND" } },
    ]);
  });

  it("are summarised a few at once, and no more when nobody reads on", async () => {
    const many = join(home, "many");
    const names = Array.from({ length: 24 }, (_, i) => `alice/p${i}`);
    for (const name of names) await push({ registry: many, name }, { "a.txt": name });
    const opened = await catalog.registries.open(many);
    const { registry: there } = await catalog.registries.get(opened.id);
    const asked = vi.spyOn(there, "resolve");
    const search = names.map((name) => `name=${name}`).join("&");
    const { body } = await catalog.get(`/api/v1/r/${opened.id}/summaries?${search}`);
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    await (await catalog.get(`/api/v1/r/${opened.id}/summaries?${search}`)).text();
    expect(asked.mock.calls.length).toBeLessThan(24 + 20);
    asked.mockRestore();
  });

  it.each(["no json", "", "[", '"text"'])(
    "asked for with the body %j are refused with what to do next",
    async (body) => {
      const headers = { Host: HOST, Authorization: `Bearer ${catalog.session.secret}` };
      const response = await catalog.app.request(`http://${HOST}/api/v1/registries`, { method: "POST", body, headers });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: "ERR_T4_USAGE", hint: expect.any(String) });
    },
  );

  it("tell of damage and show the others", async () => {
    const place = join(home, "damaged");
    await push({ registry: place, name: "alice/fine" }, { "a.txt": "a" });
    const broken = await push({ registry: place, name: "alice/broken" }, { "b.txt": "b" });
    const manifest = join(place, ".quilt/packages", broken);
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace("b.txt", "c.txt"));
    const opened = await catalog.registries.open(place);
    const text = await (await catalog.get(`/api/v1/r/${opened.id}/summaries?name=alice/fine&name=alice/broken`)).text();
    expect(text).toContain('"code":"ERR_T4_INTEGRITY"');
    expect(text).toContain('"count":1');
    expect(await refusal(`/api/v1/r/${opened.id}/p/alice/broken/m/${broken}`)).toMatchObject({ status: 502 });
  });

  it("have revisions with tags and messages, newest first", async () => {
    const { registry: open } = await catalog.registries.get(id);
    await open.tag("alice/a", "v1", { revision: first });
    const rows = [
      { topHash: second, isLatest: true, message: "Second", tags: [] },
      { topHash: first, isLatest: false, message: "First", tags: ["v1"] },
    ];
    expect(await catalog.json(`${base}/revisions`)).toMatchObject({ total: 2, offset: 0, rows });
    expect(await catalog.json(`${base}/revisions?offset=1&limit=1`)).toMatchObject({
      total: 2,
      offset: 1,
      rows: rows.slice(1),
    });
    expect(await refusal(`/api/v1/r/${id}/p/no/package/revisions`)).toMatchObject({ status: 404 });
  });

  it("resolve what names a revision, and are no-store where a pointer may move", async () => {
    const response = await catalog.get(`${base}/resolve`);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    const history = { behind: null, older: first, newer: null, revisions: 2, tags: [], time: expect.any(String) };
    expect(await response.json()).toMatchObject({ topHash: second, latest: second, ...history });
    expect(await catalog.json(`${base}/resolve?revision=v1`)).toMatchObject({ behind: 1, older: null, newer: second });
    for (const named of [first, first.slice(0, 8), "latest~1", "v1"]) {
      expect(await catalog.json(`${base}/resolve?revision=${named}`)).toMatchObject({ topHash: first, latest: second });
    }
    expect(await refusal(`${base}/resolve?revision=nothing`)).toMatchObject({ status: 404, hint: expect.any(String) });
  });
});

describe("a revision", () => {
  it("has facts that never change", async () => {
    expect(await catalog.json(`${base}/m/${second}`)).toMatchObject({
      message: "Second",
      meta: { n: 1, big: "1180591620717411303424" },
      workflow: null,
      count: 5,
    });
    expect(await catalog.json(`${base}/m/${second}/totals`)).toEqual({
      bytes: 17,
      extensions: [
        { extension: ".csv", count: 2, bytes: 10 },
        { extension: ".md", count: 1, bytes: 4 },
        { extension: ".bin", count: 1, bytes: 3 },
        { extension: ".txt", count: 1, bytes: 0 },
      ],
    });
  });

  it("must be one of the package's own", async () => {
    const { topHash: other } = await catalog.json<{ topHash: string }>(`/api/v1/r/${id}/p/bob/b/resolve`);
    expect(await refusal(`${base}/m/${other}`)).toMatchObject({ status: 404 });
    expect(await refusal(`${base}/m/${second.slice(0, 10)}`)).toMatchObject({
      status: 400,
      code: "ERR_T4_INVALID_REFERENCE",
    });
    expect(await refusal(`${base}/m/${encodeURIComponent("../".repeat(3))}`)).toMatchObject({ status: 400 });
    expect(await refusal(`${base}/m/${"../".repeat(3)}`)).toMatchObject({ status: 404 });
  });

  it("lists directories first, with their sums, part by part, and in order of size", async () => {
    expect(await catalog.json(`${base}/m/${second}/dir`)).toEqual({
      path: "",
      total: 3,
      offset: 0,
      isCounted: true,
      meta: { n: 1, big: "1180591620717411303424" },
      readme: "README.md",
      summary: null,
      children: [
        { name: "data", isDirectory: true, bytes: 13, count: 3 },
        { name: "README.md", isDirectory: false, bytes: 4, count: 1 },
        { name: "z.txt", isDirectory: false, bytes: 0, count: 1 },
      ],
    });
    const names = async (search: string): Promise<string[]> => {
      const page = await catalog.json<{ children: { name: string }[] }>(`${base}/m/${second}/dir?${search}`);
      return page.children.map(({ name }) => name);
    };
    expect(await names("path=data&sort=-size")).toEqual(["b.csv", "a.csv", "deep"]);
    expect(await names("path=data&sort=-name")).toEqual(["deep", "b.csv", "a.csv"]);
    expect(await names("path=data&offset=1&limit=1")).toEqual(["a.csv"]);
    expect(await refusal(`${base}/m/${second}/dir?path=data/none`)).toMatchObject({ status: 404 });
    expect(await refusal(`${base}/m/${second}/dir?offset=-1`)).toMatchObject({ status: 400 });
  });

  it("has entries", async () => {
    expect(await catalog.json(`${base}/m/${second}/entry?path=data/a.csv`)).toMatchObject({
      path: "data/a.csv",
      size: 4,
      hash: { type: "sha2-256-chunked" },
      physicalKey: expect.stringContaining("file://"),
      meta: {},
    });
    expect(await refusal(`${base}/m/${second}/entry?path=nothing`)).toMatchObject({ status: 404 });
    expect(await refusal(`${base}/m/${second}/entry?path=../../etc/passwd`)).toMatchObject({ status: 404 });
  });

  it("finds files", async () => {
    expect(await catalog.json(`${base}/m/${second}/find?q=csv`)).toEqual({
      paths: ["data/a.csv", "data/b.csv"],
      searched: 5,
      matches: 2,
    });
  });
});

it("an error of the system is told without a trace", async () => {
  const pkg = await new Package().setText("a.txt", "a");
  const place = join(home, "gone");
  const topHash = await pkg.push("alice/gone", place);
  const opened = await catalog.registries.open(place);
  for (const name of readdirSync(join(place, ".quilt/packages")))
    writeFileSync(join(place, ".quilt/packages", name), "");
  const response = await catalog.get(`/api/v1/r/${opened.id}/p/alice/gone/m/${topHash}`);
  expect(response.status).toBe(502);
  expect(await response.text()).not.toMatch(/\bat .*\.js/);
});
