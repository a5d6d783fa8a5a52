import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

/** A revision's manifest as it lies in a registry. */
export function manifestIn(registry: string, topHash: string): string {
  return readFileSync(join(registry, ".quilt/packages", topHash), "utf8");
}

/** The files below a directory, but for what T4 remembers there: SHA-256 by key. */
export function filesIn(directory: string): ReadonlyMap<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => !path.startsWith(join(directory, ".t4") + sep));
  return new Map(files.sort().map((path) => [path.slice(directory.length + 1), sha256(readFileSync(path))]));
}

/** All items. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
