import { deflateRawSync, inflateRawSync } from "node:zlib";
import { isT4Error } from "../../base/errors.js";
import { isSystemError } from "../../base/io-error.js";
import type { Entry } from "../../format/entry.js";
import { messageOf, userMetaOf } from "../../format/header.js";
import { metaText } from "../../format/json-convert.js";
import type { PackageName } from "../../format/package-name.js";
import type { TopHash } from "../../format/top-hash.js";
import type { NamedManifest } from "../../registry/manifests.js";
import { PackageEntry } from "../package-entry.js";
import { accessOf } from "../registries/open-revision.js";
import type { OpenRegistry } from "../registries/opened-registry.js";
import type { FileAccess } from "../sources/file-access.js";
import { columnNames, hasColumnNames } from "./column-names.js";
import { headOf } from "./head-of.js";

/** What the index holds of a package's latest revision. */
export interface PackageText {
  readonly name: PackageName;
  readonly topHash: TopHash;
  readonly message: string;
  /** JSON text. */
  readonly metadata: string;
  readonly columns: readonly string[];
  readonly readme: string;
  /** Words of logical keys, each once. */
  readonly keyWords: readonly string[];
  /** Logical keys, packed by {@link packKeys}. */
  readonly keys: Uint8Array;
  readonly files: number;
  readonly size: number;
  /** Whether a disk or a network failed at columns or a README, which may be there later. */
  readonly isCutShort: boolean;
}

/** Columns of so many tables are read: each costs a request where the registry is a bucket. */
const MAX_TABLES = 10;
const MAX_README_BYTES = 64 << 10;
/** So many keys can be shown as what was found; words of all keys are. */
const MAX_KEYS = 20_000;

/** Words as the index has them. */
export function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/**
 * Reads what is to be found of a revision; `undefined` when its manifest is gone or damaged. Costs the manifest, and small reads of a
 * README at its root and of at most ten tables.
 */
export async function describePackage(
  registry: OpenRegistry,
  revision: Pick<PackageText, "name" | "topHash">,
): Promise<PackageText | undefined> {
  let manifest: NamedManifest;
  try {
    manifest = await registry.browseManifest(revision.topHash);
  } catch (error) {
    if (isT4Error(error, "ERR_T4_INTEGRITY", "ERR_T4_NOT_FOUND", "ERR_T4_FORMAT")) return undefined;
    throw error;
  }
  try {
    const { words, keys, tables, readme, files } = look(manifest);
    const access = accessOf(registry);
    const columns = new Set<string>();
    const reading = quietReading();
    for (const table of tables) {
      const found = await reading.read(columnNames(readOnlyEntry(table, access)), []);
      for (const name of found) columns.add(name);
    }
    const text = readme && (await reading.read(readmeText(readOnlyEntry(readme, access)), ""));
    return {
      ...revision,
      message: messageOf(manifest.header) ?? "",
      metadata: metaText(userMetaOf(manifest.header)),
      columns: [...columns],
      readme: text ?? "",
      keyWords: [...words],
      keys: packKeys(keys),
      files,
      size: manifest.totalBytes,
      isCutShort: reading.isCutShort(),
    };
  } finally {
    manifest.close();
  }
}

/** What one pass over the entries finds. */
interface Seen {
  readonly words: ReadonlySet<string>;
  readonly keys: readonly string[];
  readonly tables: readonly Entry[];
  readonly readme: Entry | undefined;
  readonly files: number;
}

function look({ run }: NamedManifest): Seen {
  const words = new Set<string>();
  const keys: string[] = [];
  const tables: Entry[] = [];
  let readme: Entry | undefined;
  let files = 0;
  for (const entry of run.entries()) {
    const key = entry.logicalKey;
    for (const word of wordsIn(key)) words.add(word);
    if (keys.length < MAX_KEYS) keys.push(key);
    if (tables.length < MAX_TABLES && hasColumnNames(key)) tables.push(entry);
    if (/^readme(?:\.(?:md|txt|rst))?$/i.test(key)) readme ??= entry;
    files++;
  }
  return { words, keys, tables, readme, files };
}

function readOnlyEntry(entry: Entry, access: FileAccess): PackageEntry {
  return PackageEntry.of(entry, { access: () => access, change: () => entry });
}

interface QuietReading {
  read<Result>(reading: Promise<Result>, otherwise: Result): Promise<Result>;
  isCutShort(): boolean;
}

/** Whatever the places of one package's files say, it must not keep this package, or all others, from being found. */
function quietReading(): QuietReading {
  let isCutShort = false;
  return {
    async read(reading, otherwise) {
      try {
        return await reading;
      } catch (error) {
        if (error instanceof Error && error.name === "AbortError") throw error;
        isCutShort ||= isT4Error(error, "ERR_T4_IO") || isSystemError(error);
        return otherwise;
      }
    },
    isCutShort: () => isCutShort,
  };
}

async function readmeText(entry: PackageEntry): Promise<string> {
  return new TextDecoder().decode(await headOf(entry, MAX_README_BYTES));
}

/** Keys as the index keeps them. */
function packKeys(keys: readonly string[]): Uint8Array {
  return deflateRawSync(keys.join("\0"), { level: 1 });
}

/** The inverse of {@link packKeys}. */
export function unpackKeys(bytes: Uint8Array): readonly string[] {
  return inflateRawSync(bytes).toString().split("\0");
}
