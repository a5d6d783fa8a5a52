import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { temporaryDirectory } from "../temporary.js";

/** Unpacks a registry that a real client wrote; physical keys are absolute, so their root is put in. */
export function unpackRegistry(name: string): string {
  const root = temporaryDirectory();
  execFileSync("tar", ["xzf", fileURLToPath(new URL(`../vectors/${name}.tar.gz`, import.meta.url)), "-C", root]);
  const manifests = join(root, ".quilt/packages");
  for (const file of readdirSync(manifests)) {
    const path = join(manifests, file);
    const text = readFileSync(path, "utf8").replaceAll(
      '"physical_keys": ["file:///REGISTRY_ROOT/',
      `"physical_keys": ["${pathToFileURL(root).href}/`,
    );
    writeFileSync(path, text);
  }
  return root;
}
