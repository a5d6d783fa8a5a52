import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Package } from "t4";
import { beforeAll, describe, expect, it } from "vitest";
import type { FileHistory } from "#server/api.js";
import { temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "registry");
const catalog = testCatalog();
let base: string;
const hashes: string[] = [];

beforeAll(async () => {
  const revise = async (message: string, files: Readonly<Record<string, string>>, note?: string): Promise<void> => {
    const pkg = new Package();
    for (const [path, text] of Object.entries(files)) {
      await pkg.setText(path, text, note === undefined || path !== "a.txt" ? {} : { meta: { note } });
    }
    hashes.unshift(await pkg.push("alice/a", registry, { message, force: true }));
  };
  await revise("Begin", { "b.txt": "b" });
  await revise("Add a", { "a.txt": "1", "b.txt": "b" });
  await revise("Other file", { "a.txt": "1", "b.txt": "bb" });
  await revise("Longer a", { "a.txt": "12", "b.txt": "bb" });
  await revise("Note", { "a.txt": "12", "b.txt": "bb" }, "seen");
  await revise("Away", { "b.txt": "bb" });
  const { id } = await catalog.registries.open(registry);
  base = `/api/v1/r/${id}/p/alice/a/history`;
});

const told = ({ states }: FileHistory): unknown[] => states.map(({ kind, message, size }) => [kind, message, size]);

describe("the history of a file", () => {
  it("names the revisions in which it became another one, newest first", async () => {
    const response = await catalog.get(`${base}?path=a.txt`);
    // The history grows: nobody may keep the answer.
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    const history = (await response.json()) as FileHistory;
    expect(history).toMatchObject({ total: 6, offset: 0, read: 6 });
    expect(told(history)).toEqual([
      ["removed", "Away", null],
      ["metadata", "Note", 2],
      ["modified", "Longer a", 2],
      ["added", "Add a", 1],
    ]);
    expect(history.states[2]?.topHash).toBe(hashes[2]);
  });

  it("is read in parts; what changed where one part begins is seen against the one behind it", async () => {
    const parts = [0, 2, 4].map(async (offset) =>
      catalog.json<FileHistory>(`${base}?path=a.txt&offset=${offset}&limit=2`),
    );
    const read = await Promise.all(parts);
    expect(read.flatMap(told)).toEqual(told(await catalog.json(`${base}?path=a.txt`)));
    expect(read.map((part) => part.read)).toEqual([2, 2, 2]);
    expect(await catalog.json(`${base}?path=a.txt&offset=6`)).toMatchObject({ read: 0, states: [] });
  });

  it("of a path that never was is empty, of a package that is not there an error", async () => {
    expect(await catalog.json(`${base}?path=never`)).toMatchObject({ read: 6, states: [] });
    expect((await catalog.get(base.replace("alice/a", "alice/none"))).status).toBe(404);
  });

  it("goes on behind a revision that is damaged, and names it", async () => {
    const manifests = join(registry, ".quilt/packages");
    const damaged = readdirSync(manifests).find((name) => name === hashes[3]);
    rmSync(join(manifests, damaged ?? ""));
    const { states } = await testCatalog().json<FileHistory>(`${base}?path=b.txt`);
    expect(states.map(({ kind }) => kind)).toContain("unreadable");
    expect(states.at(-1)).toMatchObject({ kind: "added", message: "Begin" });
  });
});
