import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { SNIPPETS, type SnippetTarget } from "../../web/components/snippets.js";
import { push, temporaryHome } from "../fixture.js";
import { type SnippetPlace, snippet, snippetPlace } from "../snippet-place.js";

const home = temporaryHome();
// A registry and a file whose names each language would misread if they were not quoted.
const registry = join(home, 'it\'s a $HOME "registry"');
const path = 'd/it\'s `a` $b "c" ü.txt';
let target: SnippetTarget;
let place: SnippetPlace;

beforeAll(async () => {
  const topHash = await push({ registry, name: "alice/a" }, { [path]: "hello", "other.txt": "other" });
  target = { location: registry, url: pathToFileURL(registry).href, name: "alice/a", topHash };
  place = snippetPlace(home);
});

// Those of Python and DuckDB run in test/interop.
describe("snippets", () => {
  it("of the command install the revision, and one file of it", () => {
    place.run("bash", ["-eu", "-c", snippet("cli", target)]);
    expect(readdirSync(join(place.work, "a")).sort()).toEqual([".t4", "d", "other.txt"]);
    place.run("bash", ["-eu", "-c", snippet("cli", { ...target, path })]);
    expect(readFileSync(join(place.work, path.split("/").pop() ?? ""), "utf8")).toBe("hello");
  });

  it("of TypeScript open the revision, and read one file of it", () => {
    writeFileSync(join(place.work, "all.mjs"), snippet("typescript", target));
    expect(place.run(process.execPath, ["all.mjs"])).toContain("other.txt 5");
    const one = `${snippet("typescript", { ...target, path })}\nconsole.log(new TextDecoder().decode(bytes));`;
    writeFileSync(join(place.work, "one.mjs"), one);
    expect(place.run(process.execPath, ["one.mjs"])).toBe("hello\n");
  });

  it("of DuckDB are offered for tables alone, each with its reader", () => {
    const readerOf = (file?: string): string | undefined => {
      const about = file === undefined ? target : { ...target, path: file };
      const found = SNIPPETS.find(({ id, fits }) => id === "duckdb" && fits?.(about) === true);
      return found && /read_\w+/.exec(found.code(about))?.[0];
    };
    const names = [undefined, "a.txt", "x/a.parquet", "a.pq", "a.csv", "a.TSV", "a.tab", "a.jsonl", "a.ndjson"];
    const [parquet, csv, json] = ["read_parquet", "read_csv", "read_json"];
    expect(names.map(readerOf)).toEqual([undefined, undefined, parquet, parquet, csv, csv, csv, json, json]);
  });
});
