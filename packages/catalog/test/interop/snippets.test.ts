import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { SnippetTarget } from "../../web/components/snippets.js";
import { push, temporaryHome } from "../fixture.js";
import { type SnippetPlace, snippet, snippetPlace } from "../snippet-place.js";

const home = temporaryHome();
const PEERS = process.env["T4_PEERS"] ?? "";
const registry = join(home, 'it\'s a $HOME "registry"');
const TRICKY = 'it\'s [1] `a` $b "c" ü';
const FILES = {
  [`d/${TRICKY}.csv`]: "n,word\n1,one\n2,two\n",
  "rows.jsonl": '{"n":1,"word":"one"}\n{"n":2,"word":"two"}\n',
};
let target: SnippetTarget;
let place: SnippetPlace;

beforeAll(async () => {
  const topHash = await push({ registry, name: "alice/a" }, FILES, { message: "Rows" });
  target = { location: registry, url: pathToFileURL(registry).href, name: "alice/a", topHash };
  place = snippetPlace(home, [join(PEERS, "duckdb/bin")]);
});

/** A program that `.ci/interop.sh` installs; a test never leaves one out in silence. */
function peer(path: string): string {
  const program = join(PEERS, path);
  if (PEERS === "" || !existsSync(program)) throw new Error(`${path} is not installed; .ci/interop.sh does that.`);
  return program;
}

describe("snippets", () => {
  it("of Python open the revision with Quilt 3, and read one file of it", { timeout: 120_000 }, () => {
    const python = (code: string): string => place.run(peer("quilt3/bin/python"), ["-X", "utf8", "-c", code]);
    expect(python(`${snippet("python", target)}\nprint(pkg.top_hash, len(list(pkg.walk())))`)).toBe(
      `${target.topHash} 2\n`,
    );
    const path = `d/${TRICKY}.csv`;
    expect(python(`${snippet("python", { ...target, path })}\nprint(data.decode())`)).toBe(`${FILES[path]}\n`);
  });

  it.each(Object.keys(FILES))("of DuckDB show the rows of a table: %s", { timeout: 120_000 }, (path) => {
    peer("duckdb/bin/duckdb");
    const shown = place.run("bash", ["-eu", "-c", snippet("duckdb", { ...target, path })]);
    expect(shown).toMatch(/n.*word[\s\S]*1.*one[\s\S]*2.*two/);
  });
});
