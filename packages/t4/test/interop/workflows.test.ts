import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { JsonInput } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { type ClientPackage, startClient } from "./client.js";
import { ourPackage, theirPackage } from "./contents.js";
import { outcomeOf } from "./refusal.js";
import { manifestIn } from "./registry.js";
import { writeFiles } from "./samples.js";

const METAS: readonly (JsonInput | undefined)[] = [undefined, null, { station: 7 }, { station: "seven" }];
const CASES = [undefined, null, "strict", "free", "unknown"].flatMap((workflow) =>
  METAS.flatMap((meta) => [null, "Said"].map((message) => ({ workflow, meta, message }))),
);

function writeWorkflows(registry: string): void {
  const url = pathToFileURL(registry).href;
  mkdirSync(join(registry, ".quilt/workflows"), { recursive: true });
  const schema = (name: string, value: unknown): void => {
    writeFileSync(
      join(registry, `${name}.json`),
      JSON.stringify({ $schema: "http://json-schema.org/draft-07/schema#", ...(value as object) }),
    );
  };
  schema("meta", { type: "object", required: ["station"], properties: { station: { type: "integer" } } });
  schema("entries", { type: "array", items: { properties: { logical_key: { pattern: "\\.txt$" } } } });
  writeFileSync(
    join(registry, ".quilt/workflows/config.yml"),
    `version: "1"
default_workflow: strict
is_workflow_required: false
workflows:
  strict: { name: Strict, is_message_required: true, handle_pattern: ^we/, metadata_schema: meta, entries_schema: entries }
  free: { name: Free }
schemas: { meta: { url: ${url}/meta.json }, entries: { url: ${url}/entries.json } }
`,
  );
}

describe("a registry with workflows, for Quilt 3 and for us", () => {
  const their = startClient("quilt3");
  afterAll(() => their.close());

  it.each(CASES)(
    "workflow $workflow, metadata $meta, message $message: the same manifest or a refusal",
    async ({ meta, message, ...rest }) => {
      const root = temporaryDirectory();
      const registry = join(root, "registry");
      writeWorkflows(registry);
      const files = writeFiles(join(root, "source"), { "ü.txt": "1", "b.txt": "2" });
      const contents = meta === undefined ? { files } : { files, meta };
      const chosen = rest.workflow === undefined ? {} : rest;
      const ours = async (): Promise<ClientPackage> => {
        const topHash = await (await ourPackage(contents)).build("we/ours", { registry, message, ...chosen });
        return { topHash, manifest: manifestIn(registry, topHash) };
      };
      const theirs = await outcomeOf(
        their.call("build", { registry, name: "we/theirs", message, ...chosen, ...theirPackage(contents) }),
      );
      expect(await outcomeOf(ours())).toEqual(theirs);
      const isFine =
        rest.workflow === null ||
        rest.workflow === "free" ||
        (rest.workflow !== "unknown" && message !== null && meta === METAS[2]);
      expect(theirs === "refused").toBe(!isFine);
    },
  );
});
