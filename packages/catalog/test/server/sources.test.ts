import { join } from "node:path";
import { Package } from "t4";
import { beforeAll, describe, expect, it } from "vitest";
import type { Resolved } from "#server/api.js";
import { type TestCatalog, temporaryHome, testCatalog } from "../fixture.js";
import { useBuckets } from "../served-buckets.js";

const home = temporaryHome();
useBuckets(home);
const PLACES = [join(home, "folder"), "s3://lab-data/shelf", "s3://plain/shelf"];
const told = new Map<string, Map<string, string>>();

/** The same packages, wherever they are put. */
async function fill(registry: string): Promise<void> {
  const revise = async (pkg: Package, message: string): Promise<string> => pkg.push("alice/a", registry, { message });
  const pkg = new Package().setMeta({ n: 1, big: 2n ** 70n });
  await pkg.setText("README.md", "# Hi");
  await pkg.setText("data/a.csv", "x\n1\n", { meta: { rows: 1 } });
  await pkg.setText("data/é 😀/c.bin", "ccc");
  await revise(pkg, "First");
  await pkg.setText("data/a.csv", "x\n1\n2\n", { meta: { rows: 2 } });
  pkg.setMeta({ from: "lab" }, "data").delete("README.md");
  await pkg.setText("__proto__/x", "x");
  await revise(pkg, "Second");
  await new Package().setText("b.txt", "b").then((other) => other.push("bob/b", registry, { message: "Other" }));
}

/** What is answered to all kinds of requests, without what names the place and the hour. */
async function ask(catalog: TestCatalog, registry: string): Promise<Map<string, string>> {
  const { id } = await catalog.registries.open(registry);
  const base = `/api/v1/r/${id}`;
  const hashOf = async (revision: string): Promise<string> =>
    (await catalog.json<Resolved>(`${base}/p/alice/a/resolve?revision=${revision}`)).topHash;
  const [first, second] = [await hashOf("latest~1"), await hashOf("latest")];
  const { raw } = await catalog.json<Resolved>(`${base}/p/alice/a/resolve`);
  const at = `p/alice/a/m/${second}`;
  const paths = ["packages", "summaries?name=alice/a", "search?q=lab", "search?q=n=1", "p/alice/a/revisions"];
  paths.push("p/alice/a/resolve", "p/alice/a/resolve?revision=nothing", "p/no/thing/resolve", "p/no/thing/revisions");
  paths.push(at, `p/alice/a/m/${"0".repeat(64)}`, `${at}/totals`, `${at}/find?q=csv`, `${at}/verify`);
  for (const path of ["", "data", "data/é 😀", "__proto__", "nothing"])
    for (const rest of ["", "&sort=-size", "&offset=1&limit=1"])
      paths.push(`${at}/dir?path=${encodeURIComponent(path)}${rest}`);
  for (const path of ["data/a.csv", "data/é 😀/c.bin", "nothing"])
    paths.push(`${at}/entry?path=${encodeURIComponent(path)}`, `p/alice/a/history?path=${encodeURIComponent(path)}`);
  paths.push(
    `${at}/compare/${first}`,
    `${at}/compare/${first}?kind=modified`,
    `p/alice/a/m/${first}/compare/${second}`,
  );
  const answers = new Map<string, string>();
  const keep = async (name: string, response: Response): Promise<void> => {
    const text = (await response.text()).replaceAll(id, "<id>").replaceAll(registry, "<place>");
    const plain = text
      .replaceAll(/"(?:time|raw|physicalKey)":"[^"]*"/g, '""')
      .replaceAll(/(?:s3|file):\/\/[^" ]*|\/[^" ]*\.quilt[^" ]*/g, "<url>");
    answers.set(name, `${response.status} ${response.headers.get("Cache-Control")} ${plain}`);
  };
  for (const path of paths) await keep(path, await catalog.get(`${base}/${path}`));
  for (const path of ["data/a.csv", "data/%C3%A9%20%F0%9F%98%80/c.bin", "nothing"])
    for (const Range of ["bytes=0-1", "bytes=2-", "bytes=9-", "x"])
      await keep(`raw ${path} ${Range}`, await catalog.get(`${raw}${path}`, { Range }));
  return answers;
}

beforeAll(async () => {
  const catalog = testCatalog();
  for (const place of PLACES) {
    await fill(place);
    told.set(place, await ask(catalog, place));
  }
});

describe("every kind of registry", () => {
  it.each(PLACES.slice(1))("answers byte for byte as a folder does: %s", (place) => {
    const [folder, other] = [told.get(PLACES[0] ?? ""), told.get(place)];
    expect(folder?.size).toBeGreaterThan(45);
    expect(Object.fromEntries(other ?? [])).toEqual(Object.fromEntries(folder ?? []));
  });
});
