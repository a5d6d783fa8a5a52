import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { type JsonInput, Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { vectors } from "./vectors.js";

interface Case {
  readonly id: string;
  readonly config: string | null;
  readonly schemas: Readonly<Record<string, string>>;
  readonly workflow: string | null;
  readonly name: string;
  readonly message: string | null;
  readonly user_meta: JsonInput;
  readonly keys: readonly string[];
  readonly result: { readonly ok: boolean; readonly header_workflow?: unknown };
}

const { cases } = vectors<{ cases: Case[] }>("workflows.json");

function registryOf({ config, schemas }: Case): { readonly path: string; readonly url: string } {
  const path = join(temporaryDirectory(), "registry");
  const url = pathToFileURL(path).href;
  const files = { ...schemas, ...(config === null ? {} : { ".quilt/workflows/config.yml": config }) };
  for (const [key, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, key)), { recursive: true });
    writeFileSync(join(path, key), text.replaceAll("{S}", url));
  }
  return { path, url };
}

async function packageOf({ keys, user_meta }: Case): Promise<Package> {
  const pkg = new Package();
  for (const key of keys) await pkg.setText(key, "x".repeat(key.length));
  return user_meta === "<<none>>" ? pkg : pkg.setMeta(user_meta);
}

describe("workflows", () => {
  it.each(cases)("$id: as Quilt 3 does", async (example) => {
    const { path, url } = registryOf(example);
    const pkg = await packageOf(example);
    const workflow = example.workflow === "..." ? undefined : example.workflow;
    const push = pkg.push(example.name, path, { message: example.message, workflow });
    if (!example.result.ok) {
      await expect(push).rejects.toMatchObject({ code: "ERR_T4_WORKFLOW" });
      await expect(Package.browse(example.name, { registry: path })).rejects.toMatchObject({
        code: "ERR_T4_NOT_FOUND",
      });
      return;
    }
    await push;
    const [header = ""] = (await Package.browse(example.name, { registry: path })).manifest();
    const written = (JSON.parse(header) as { readonly workflow?: unknown }).workflow ?? "<<absent>>";
    expect(JSON.parse(JSON.stringify(written).replaceAll(url, "{S}"))).toEqual(example.result.header_workflow);
  });
});
