import { type JsonOutput, Package } from "t4";
import type { PackageHit, SearchLine } from "./api.js";
import { inLanes } from "./lanes.js";
import { type KnownRegistry, packageNames } from "./registries.js";

/** What is searched of a package's latest revision; lower case beside what is shown. */
export interface PackageText {
  readonly message: string;
  /** Values of metadata with the names that lead to them: `station.city`. */
  readonly values: readonly { readonly path: string; readonly text: string }[];
}

/** Values of one package that are searched, and characters of each. */
const MOST_VALUES = 500;
const LONGEST = 500;
/** Packages that are read at once, and that are kept once read. */
const LANES = 8;
const MOST_KEPT = 20_000;

/** Searches packages by name, message and metadata of their latest revision, and remembers what it read. */
export type PackageSearch = (
  known: KnownRegistry,
  query: { readonly text: string; readonly signal: AbortSignal; readonly send: (line: SearchLine) => void },
) => Promise<void>;

/** Makes a search that costs, the first time, a look at each package's manifest. */
export function createPackageSearch(): PackageSearch {
  const kept = new Map<string, PackageText>();
  const textOf = async ({ registry }: KnownRegistry, name: string): Promise<PackageText> => {
    const topHash = await registry.resolve(name);
    const key = `${name} ${topHash}`;
    const found = kept.get(key) ?? packageText(await Package.browse(name, { registry: registry.url, topHash }));
    kept.set(key, found);
    for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
    return found;
  };
  return async (known, { text, signal, send }) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const names = await packageNames(known);
    let searched = 0;
    await inLanes(names, { lanes: LANES, signal }, async (name) => {
      // What is damaged is found by its name; its own page says what is wrong.
      const about = await textOf(known, name).catch(() => ({ message: "", values: [] }));
      const hit = matchPackage(name, about, words);
      searched++;
      if (hit !== undefined) send(hit);
      if (searched % 50 === 0) send({ searched, total: names.length });
    });
    send({ searched, total: names.length });
  };
}

function packageText({ message, meta }: Package): PackageText {
  const values: { path: string; text: string }[] = [];
  const stack: { readonly path: string; readonly value: JsonOutput }[] = [{ path: "", value: meta }];
  for (let at = stack.pop(); at !== undefined && values.length < MOST_VALUES; at = stack.pop()) {
    const { path, value } = at;
    if (value === null || typeof value !== "object") {
      values.push({ path, text: String(value).slice(0, LONGEST) });
    } else if (Array.isArray(value)) {
      for (const item of value) stack.push({ path, value: item });
    } else {
      for (const [name, inner] of Object.entries(value)) {
        stack.push({ path: path === "" ? name : `${path}.${name}`, value: inner });
      }
    }
  }
  return { message: (message ?? "").slice(0, LONGEST), values };
}

/** Whether all words fit; `key=value` fits a value of metadata whose path ends in the key. */
export function matchPackage(
  name: string,
  { message, values }: PackageText,
  words: readonly string[],
): PackageHit | undefined {
  let best: PackageHit = { name, where: "name", text: name };
  for (const word of words) {
    const [key = "", wanted] = word.split("=", 2);
    if (wanted === undefined && name.toLowerCase().includes(word)) continue;
    if (wanted === undefined && message.toLowerCase().includes(word)) {
      best = { name, where: "message", text: message };
      continue;
    }
    const value = values.find(({ path, text }) =>
      wanted === undefined
        ? text.toLowerCase().includes(word) || path.toLowerCase().includes(word)
        : endsInKey(path.toLowerCase(), key) && text.toLowerCase().includes(wanted),
    );
    if (value === undefined) return undefined;
    best = { name, where: "metadata", text: `${value.path}: ${value.text}` };
  }
  return best;
}

function endsInKey(path: string, key: string): boolean {
  return path === key || path.endsWith(`.${key}`);
}
