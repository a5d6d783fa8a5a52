import type { Package, PackageDiff, PackageEntry } from "t4";
import type { Paint } from "./context.js";
import { bytes, count, table } from "./render.js";
import { joined, type Shown, shown } from "./shown.js";

/** Two packages, and what differs between them. */
export interface Comparison extends PackageDiff {
  readonly before: Package;
  readonly after: Package;
}

/** Compares two packages. */
export function compare(before: Package, after: Package): Comparison {
  return { before, after, ...before.diff(after) };
}

/** Whether nothing differs. */
export function isEqual({ added, modified, deleted, metadata }: PackageDiff): boolean {
  return added.length + modified.length + deleted.length + metadata.length === 0;
}

/** How lines of changes are shown. */
export interface LineStyle {
  readonly paint: Paint;
  /** What a file is called where the user stands. */
  readonly nameOf: (logicalKey: string) => string;
}

/** Both sides of a file that differs; `undefined`: there is none. */
export interface Sides {
  readonly key: string;
  readonly old: PackageEntry | undefined;
  readonly now: PackageEntry | undefined;
}

/** All files that differ: those that were added, changed, removed. */
export function sidesOf({ before, after, added, modified, deleted }: Comparison): Sides[] {
  return [
    ...added.map((key) => ({ key, old: undefined, now: after.entry(key) })),
    ...modified.map((key) => ({ key, old: before.entry(key), now: after.entry(key) })),
    ...deleted.map((key) => ({ key, old: before.entry(key), now: undefined })),
  ];
}

/** How a file differs: its name with a sign, and its sizes. */
export function changeCells({ key, old, now }: Sides, { paint, nameOf }: LineStyle): readonly [Shown, Shown] {
  if (old === undefined) return [paint("green", `+ ${nameOf(key)}`), shown`${now === undefined ? "" : sizeOf(now)}`];
  if (now === undefined) return [paint("red", `- ${nameOf(key)}`), shown`${sizeOf(old)}`];
  return [paint("yellow", `~ ${nameOf(key)}`), shown`${modification(old, now)}`];
}

/** Directories whose metadata changed, a line each. */
export function metadataLines({ metadata }: PackageDiff, { paint, nameOf }: LineStyle): Shown {
  return joined(
    metadata.map((path) => {
      const line = path === "" ? "~ metadata of the package" : `~ metadata of ${nameOf(path)}/`;
      return shown`${paint("yellow", line)}\n`;
    }),
  );
}

/** What differs, a line each: files with their sizes, then directories whose metadata changed. */
export async function changeLines(comparison: Comparison, style: LineStyle): Promise<Shown> {
  const files = await table(sidesOf(comparison).map((sides) => changeCells(sides, style)));
  return joined([files, metadataLines(comparison, style)]);
}

/** The part of what differs that lies at or below some paths. */
export function partOf(comparison: Comparison, paths: readonly string[]): Comparison {
  const isIn = (key: string): boolean =>
    paths.some((path) => path === "" || key === path || key.startsWith(`${path}/`));
  const { added, modified, deleted, metadata, ...sides } = comparison;
  return {
    ...sides,
    added: added.filter(isIn),
    modified: modified.filter(isIn),
    deleted: deleted.filter(isIn),
    metadata: metadata.filter(isIn),
  };
}

/** What differs, in one line. */
export function changeSummary({ added, modified, deleted, metadata }: PackageDiff): string {
  const meta = metadata.length > 0 ? ", metadata changed" : "";
  return `${count(added.length)} added, ${count(modified.length)} changed, ${count(deleted.length)} removed${meta}`;
}

/** What differs, with all that the packages know of it; a line of JSON text. */
export function comparisonJson(comparison: Comparison): string {
  const { before, after, added, modified, deleted, metadata } = comparison;
  return object({
    added: list(added.map((key) => object({ logicalKey: text(key), after: entryJson(after.entry(key)) }))),
    modified: list(
      modified.map((key) =>
        object({ logicalKey: text(key), before: entryJson(before.entry(key)), after: entryJson(after.entry(key)) }),
      ),
    ),
    deleted: list(deleted.map((key) => object({ logicalKey: text(key), before: entryJson(before.entry(key)) }))),
    metadata: list(
      metadata.map((path) => object({ path: text(path), before: before.metaJson(path), after: after.metaJson(path) })),
    ),
  });
}

function sizeOf({ size }: PackageEntry): string {
  return size === undefined ? "" : bytes(size);
}

/** Both sizes, exactly where they would look the same. */
function changeOfSize(before: PackageEntry, after: PackageEntry): string {
  const [old, now] = [sizeOf(before), sizeOf(after)];
  if (old !== now || before.size === undefined || after.size === undefined) return `${old} -> ${now}`;
  return `${count(before.size)} B -> ${count(after.size)} B`;
}

function modification(before: PackageEntry, after: PackageEntry): string {
  const isSameContent = before.hash !== undefined && before.hash.value === after.hash?.value;
  const sizes = before.size === after.size ? sizeOf(after) : changeOfSize(before, after);
  const isSameMeta = before.metaJson === after.metaJson;
  if (isSameContent) return `${sizes}, metadata only`;
  return isSameMeta ? sizes : `${sizes}, also metadata`;
}

/** An entry as JSON text; its metadata keeps how numbers are written. */
export function entryJson(entry: PackageEntry): string {
  const { size, hash, physicalKey, metaJson } = entry;
  return object({ size: text(size), hash: text(hash), physicalKey: text(physicalKey), meta: metaJson });
}

function text(value: unknown): string {
  return JSON.stringify(value ?? null);
}

function object(members: Readonly<Record<string, string>>): string {
  return `{${Object.entries(members)
    .map(([name, value]) => `${text(name)}:${value}`)
    .join(",")}}`;
}

function list(items: readonly string[]): string {
  return `[${items.join(",")}]`;
}
