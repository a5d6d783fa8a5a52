import { type Entry, NO_META } from "../format/entry.js";
import { type Header, newHeader, userMetaOf, withUserMeta, workflowOf } from "../format/header.js";
import { type JsonInput, type JsonOutput, metaOutput, toJson } from "../format/json-convert.js";
import type { Json } from "../format/json-value.js";
import { PackageTree } from "../manifest/package-tree.js";
import { SortedMap } from "../manifest/sorted-map.js";
import { subRun } from "../manifest/sub-run.js";
import type { PackageState } from "./package-state.js";
import { bucketsOf, type FileAccess, isSameAccess, joinAccess, requireAllowed } from "./sources/file-access.js";

/** A package with other entries; `change` gets a copy of the tree, which costs nothing. It is no revision any more. */
export function withTree(state: PackageState, change: (tree: PackageTree) => void): PackageState {
  const tree = state.tree.clone();
  change(tree);
  return { ...state, tree, topHash: undefined };
}

/** A package with one entry set; without `meta` it keeps its own metadata, or else that of the entry it replaces. */
export function withEntry(state: PackageState, entry: Entry, meta: JsonInput | undefined): PackageState {
  const former = state.tree.get(entry.logicalKey)?.meta ?? NO_META;
  const inherited = entry.meta === NO_META ? former : entry.meta;
  const chosen = meta === undefined ? inherited : new Map<string, Json>([["user_meta", toJson(meta)]]);
  return withTree(state, (tree) => tree.set({ ...entry, meta: chosen }));
}

/**
 * A package that may also lead to where an entry of another one does; what the user may read there must not become readable
 * for other entries of either.
 *
 * @throws {@link T4Error} `ERR_T4_UNSAFE` for an entry that would be read in another way than before.
 */
export function withAccessTo(
  state: PackageState,
  { entry, access: own }: { readonly entry: Entry; readonly access: FileAccess },
): PackageState {
  const access = joinAccess(state.access, { roots: [], buckets: bucketsOf(entry, own) });
  requireAllowed([entry], { own, joined: access });
  if (isSameAccess(state.access, access)) return state;
  requireAllowed(state.tree.entries(), { own: state.access, joined: access });
  return { ...state, access };
}

/**
 * A package that may also lead to where the user says.
 *
 * @throws {@link T4Error} `ERR_T4_UNSAFE` when an entry of it would be read in another way than before.
 */
export function withAccess(state: PackageState, more: FileAccess): PackageState {
  const access = joinAccess(state.access, more);
  requireAllowed(state.tree.entries(), { own: state.access, joined: access });
  return { ...state, access };
}

/** A package with other metadata, its own (`directory` is `""`) or a directory's; equal parts keep how they were written. */
export function withMeta(state: PackageState, directory: string, meta: JsonInput): PackageState {
  return withJsonMeta(state, directory, toJson(meta, metaAt(state, directory)));
}

/** The same, with metadata as it is to be written. */
export function withJsonMeta(state: PackageState, directory: string, meta: Json): PackageState {
  const { header, directories } = state;
  if (directory === "") return { ...state, header: withUserMeta(header, meta), topHash: undefined };
  // Made once: from then on a loop that sets the metadata of many directories copies none of the others.
  const sorted = directories instanceof SortedMap ? (directories as SortedMap<Json>) : SortedMap.from(directories);
  return { ...state, directories: sorted.with(directory, meta), topHash: undefined };
}

/** Metadata of the package (`""`) or of a directory; `undefined` when there is none. */
export function metaAt({ header, directories }: PackageState, directory: string): Json | undefined {
  return directory === "" ? userMetaOf(header) : directories.get(directory);
}

/** A directory as a package of its own, with keys relative to it; its entries are read when they are looked at. */
export function subPackage(state: PackageState, directory: string): PackageState {
  const inner = (key: string): string => key.slice(directory.length + 1);
  const below = [...state.directories].filter(([key]) => key.startsWith(`${directory}/`));
  return {
    ...state,
    tree: new PackageTree(subRun(state.tree, directory)),
    header: withUserMeta(newHeader(), state.directories.get(directory)),
    directories: new Map(below.map(([key, meta]) => [inner(key), meta])),
    bases: [],
    topHash: undefined,
    origin: undefined,
  };
}

/** What a header says of the registry's workflow, as users see it: a copy. */
export function workflowOutput(header: Header): JsonOutput | undefined {
  const workflow = workflowOf(header);
  return workflow === undefined ? undefined : metaOutput(workflow);
}
