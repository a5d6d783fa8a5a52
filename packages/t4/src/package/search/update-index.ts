import type { Database } from "node-sqlite3-wasm";
import { mapConcurrent } from "../../base/concurrency.js";
import { isPackageName, type PackageName } from "../../format/package-name.js";
import { LATEST, readPointer } from "../../format/pointer.js";
import { POINTERS, pointerKey } from "../../format/registry-layout.js";
import type { TopHash } from "../../format/top-hash.js";
import type { OpenRegistry } from "../registries/opened-registry.js";
import { describePackage, type PackageText, wordsIn } from "./describe-package.js";
import type { IndexFile } from "./index-file.js";

/** So many packages are taken in at once: an update that is cut off goes on from the last of these. */
const SLICE = 1000;
/** Packages that are read at once. */
const AT_ONCE = 16;
/** Stores tell times in seconds, by a clock of their own: a pointer that was this new when it was read may be another by now. */
const YOUNG_MS = 60_000;

/** How an index is brought up to date. */
export interface UpdateOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many packages will be read, if any. */
  readonly onUpdate?: ((packages: number) => void) | undefined;
}

/** What could not be read is tried again after so long: it may have been mended. */
const RETRY_MS = 600_000;

/** A pointer `latest` of the registry. */
interface Listed {
  readonly name: PackageName;
  readonly modifiedMs: number;
}

/** What the index knows of a package. */
interface Known {
  /** The revision; `null`: it could not be read, or not all of it. */
  readonly hash: string | null;
  readonly modified: number;
  readonly seen: number;
}

/**
 * Takes in the revisions that became the latest since, and drops packages that are gone. Costs one listing of the pointers, and the
 * manifests of packages that changed; nothing is written when none did.
 */
export async function updateIndex(
  file: IndexFile,
  registry: OpenRegistry,
  { signal, onUpdate }: UpdateOptions,
): Promise<void> {
  const known = (await file.read(readKnown)) ?? new Map<string, Known>();
  const seenMs = Date.now();
  const listed = await listLatest(registry, signal);
  const isDue = ({ name, modifiedMs }: Listed): boolean => {
    const before = known.get(name);
    if (before === undefined || before.modified !== modifiedMs) return true;
    return before.seen - (before.hash === null ? seenMs - RETRY_MS : modifiedMs + YOUNG_MS) < 0;
  };
  const due = [...listed.values()].filter(isDue);
  const gone = [...known.keys()].filter((name) => !listed.has(name));
  const news = due.filter(({ name, modifiedMs }) => known.get(name)?.modified !== modifiedMs).length;
  if (news > 0) onUpdate?.(news);
  if (gone.length > 0)
    await changeRows(file, async (write) => {
      for (const name of gone) write.remove(name);
    });
  for (let from = 0; from < due.length; from += SLICE)
    await takeIn(due.slice(from, from + SLICE), { file, registry, known, seenMs, signal });
}

interface TakeIn extends Pick<UpdateOptions, "signal"> {
  readonly file: IndexFile;
  readonly registry: OpenRegistry;
  readonly known: ReadonlyMap<string, Known>;
  readonly seenMs: number;
}

async function takeIn(due: readonly Listed[], { file, registry, known, seenMs, signal }: TakeIn): Promise<void> {
  const hashOf = ({ name }: Listed): string | undefined => known.get(name)?.hash ?? undefined;
  await changeRows(file, async (write) => {
    const options = { concurrency: AT_ONCE, ...(signal && { signal }) };
    const found = mapConcurrent(due, async (item) => readPackage(registry, item, hashOf(item)), options);
    for await (const { item, topHash, text } of found) {
      if (topHash === undefined) write.remove(item.name);
      else if (topHash === hashOf(item)) write.see(item, seenMs);
      else write.put({ ...item, topHash }, text, seenMs);
    }
  });
}

function changeRows(file: IndexFile, work: (write: Writer) => Promise<void>): Promise<void> {
  return file.change(async (database) => {
    const write = writer(database);
    try {
      await work(write);
    } finally {
      write.close();
    }
  });
}

function readKnown(database: Database): Map<string, Known> {
  const rows: readonly unknown[] = database.all(
    "SELECT name, iif(files IS NULL OR short, NULL, hash) AS hash, modified, seen FROM packages",
  );
  return new Map((rows as readonly (Known & { readonly name: string })[]).map((row) => [row.name, row]));
}

async function listLatest({ store }: OpenRegistry, signal: AbortSignal | undefined): Promise<Map<string, Listed>> {
  const found = new Map<string, Listed>();
  for await (const item of store.list(POINTERS, signal && { signal })) {
    if (!("key" in item) || !item.key.endsWith(`/${LATEST}`)) continue;
    const name = item.key.slice(POINTERS.length, -LATEST.length - 1);
    if (isPackageName(name)) found.set(name, { name, modifiedMs: item.modifiedMs });
  }
  return found;
}

interface Read {
  readonly item: Listed;
  /** `undefined`: the package is gone by now. */
  readonly topHash: TopHash | undefined;
  /** `undefined`: it cannot be read, or is in the index already. */
  readonly text: PackageText | undefined;
}

async function readPackage(registry: OpenRegistry, item: Listed, before: string | undefined): Promise<Read> {
  // Turns and notes of publishing do not matter here; only a pointer that is just being written is waited for.
  const pointer = await registry.store.get(pointerKey(item.name, LATEST));
  const topHash = pointer && (readPointer(pointer.bytes) ?? (await registry.latest(item.name)));
  if (topHash === undefined || topHash === before) return { item, topHash, text: undefined };
  return { item, topHash, text: await describePackage(registry, { name: item.name, topHash }) };
}

interface Writer {
  remove(name: string): void;
  /** Notes that a package was looked at. */
  see(item: Listed, seenMs: number): void;
  /** Replaces what is known of a package; of one that cannot be read, that is its name. */
  put(item: Listed & { readonly topHash: TopHash }, text: PackageText | undefined, seenMs: number): void;
  close(): void;
}

/** What is known of a package that cannot be read. */
const NOTHING = {
  message: "",
  metadata: "{}",
  columns: [],
  readme: "",
  keyWords: [],
  files: null,
  size: null,
  keys: null,
  isCutShort: false,
} as const;

function writer(database: Database): Writer {
  const add = database.prepare(
    `INSERT INTO packages (name, hash, modified, seen, message, metadata, files, size, keys, short)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const index = database.prepare(
    "INSERT INTO words (rowid, name, message, metadata, columns, readme, keys) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const spell = database.prepare("INSERT OR IGNORE INTO terms VALUES (?)");
  const remove = (name: string): void => {
    const id = database.get("SELECT id FROM packages WHERE name = ?", name)?.["id"];
    if (typeof id !== "number") return;
    database.run("DELETE FROM words WHERE rowid = ?", id);
    database.run("DELETE FROM packages WHERE id = ?", id);
  };
  return {
    remove,
    see({ name, modifiedMs }, seenMs) {
      database.run("UPDATE packages SET modified = ?, seen = ? WHERE name = ?", [modifiedMs, seenMs, name]);
    },
    put({ name, topHash, modifiedMs }, text, seenMs) {
      remove(name);
      const { message, metadata, columns, readme, keyWords, files, size, keys, isCutShort } = text ?? NOTHING;
      const known = [message, metadata, files, size, keys, Number(isCutShort)];
      const id = add.run([name, topHash, modifiedMs, seenMs, ...known]).lastInsertRowid;
      const fields = [name, message, textsOf(metadata), columns.join(" "), readme, keyWords.join(" ")];
      index.run([id, ...fields]);
      const words = new Set(fields.slice(0, 5).flatMap(wordsIn));
      for (const word of [...words, ...keyWords]) if (isSpelt(word)) spell.run(word);
    },
    close() {
      for (const statement of [add, index, spell]) statement.finalize();
    },
  };
}

/** Names and values of metadata, of which JSON writes some characters as others: a line's end as `\n`. */
function textsOf(json: string): string {
  return json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, (token) => ` ${JSON.parse(token) as string} `);
}

/** Numbers and short words are not misspelt but other ones. */
function isSpelt(word: string): boolean {
  return word.length >= 4 && word.length <= 32 && !/\p{N}/u.test(word);
}
