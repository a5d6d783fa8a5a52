import { createHash, randomUUID } from "node:crypto";
import { constants, copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Database, SQLiteValue } from "node-sqlite3-wasm";
import { hasNoLinks, systemCode } from "../../base/errors.js";
import { ioError } from "../../base/io-error.js";
import { locations } from "../../config/locations.js";
import { renameFileSync } from "../../store/file/rename-file.js";
import { pruneCache } from "../cache-file.js";

/** Changes whenever the tables do, or what is put into them: an index of another version is made anew. */
const VERSION = 2;
/** Indexes of so many registries are kept. */
const KEPT_INDEXES = 32;

/** Where two tables of the same words stand: for finding, and for spelling. */
const TABLES = `
  PRAGMA user_version = ${VERSION};
  CREATE TABLE packages (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, modified REAL NOT NULL, seen REAL NOT NULL,
    message TEXT, metadata TEXT, files INTEGER, size REAL, keys BLOB, short INTEGER
  );
  CREATE VIRTUAL TABLE words USING fts5(
    name, message, metadata, columns, readme, keys,
    content = '', contentless_delete = 1, detail = 'column', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
  );
  INSERT INTO words (words, rank) VALUES ('rank', 'bm25(10.0, 4.0, 3.0, 3.0, 2.0, 1.0)');
  CREATE TABLE terms (term TEXT PRIMARY KEY) WITHOUT ROWID;
`;

/** A row of the index. */
export type Row = Readonly<Record<string, SQLiteValue>>;

/** The index of one registry: a file of SQLite in the user's cache. A reader goes on with the one that it opened. */
export interface IndexFile {
  /** Reads with a connection of its own; `undefined`: there is no index that can be read. */
  read<Result>(work: (database: Database) => Result): Promise<Result | undefined>;
  /** Changes a copy and puts it in place of the index; a crash or an error leaves the one before. */
  change(work: (database: Database) => Promise<void>): Promise<void>;
}

/** The index of the registry with an identity. */
export function indexFile(identity: string): IndexFile {
  const directory = join(locations().cache, "search");
  const path = join(directory, `${createHash("sha256").update(identity).digest("hex").slice(0, 32)}.db`);
  const temporary = (): string => `${path}.${randomUUID()}`;
  return {
    async read(work) {
      if (!existsSync(path)) return undefined;
      // SQLite's lock is a directory beside a file: under a name of its own, no reader waits for another.
      const own = temporary();
      try {
        nameAgain(path, own);
        return await withDatabase(own, (database) => (isCurrent(database) ? work(database) : undefined), true);
      } catch (error) {
        // One that is damaged, or was removed meanwhile, is none: it can be made again.
        if (isDamage(error) || systemCode(error) === "ENOENT") return undefined;
        throw ioError(`read the search index ${path}`, error);
      } finally {
        remove(own);
      }
    },
    async change(work) {
      const own = temporary();
      try {
        mkdirSync(directory, { recursive: true });
        const isKept = (await this.read(() => true)) === true;
        if (isKept) copyFileSync(path, own, constants.COPYFILE_FICLONE);
        await withDatabase(own, async (database) => {
          // The file has no name yet by which it could be found after a crash.
          database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536");
          if (!isKept) database.exec(TABLES);
          database.exec("BEGIN");
          await work(database);
          database.exec("COMMIT");
        });
        renameFileSync(own, path);
        removeLeftOver(directory);
        pruneCache(directory, KEPT_INDEXES);
      } catch (error) {
        throw ioError(`write the search index ${path}`, error);
      } finally {
        remove(own);
      }
    },
  };
}

async function withDatabase<Result>(
  path: string,
  work: (database: Database) => Result | Promise<Result>,
  readOnly = false,
): Promise<Result> {
  const { default: sqlite } = await import("node-sqlite3-wasm");
  const database = new sqlite.Database(path, { readOnly });
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

function isCurrent(database: Database): boolean {
  return database.get("PRAGMA user_version")?.["user_version"] === VERSION;
}

/** Whether SQLite failed. */
export function isSqlite(error: unknown): error is Error {
  return error instanceof Error && error.name === "SQLite3Error";
}

/** Whether SQLite failed because of the file, and not because of what it was asked; its library tells it by words alone. */
export function isDamage(error: unknown): boolean {
  return isSqlite(error) && /not a database|malformed|could not open|disk I\/O error/i.test(error.message);
}

/** Gives a file a second name, or where there is no such thing its bytes. */
function nameAgain(path: string, own: string): void {
  try {
    linkSync(path, own);
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    copyFileSync(path, own);
  }
}

/** A file for one search, or its lock: `<index>.db.<uuid>`. */
const OF_ONE_SEARCH = /\.db\.[0-9a-f-]{36}(?:\.lock)?$/;
/** No search takes so long. */
const LEFT_OVER_MS = 24 * 3600 * 1000;

/** Removes the files of searches that were killed. */
function removeLeftOver(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    // A second name has the time of the first one's bytes, but its own change when it is given.
    const changed = OF_ONE_SEARCH.test(name) ? statSync(path, { throwIfNoEntry: false })?.ctimeMs : undefined;
    if (changed !== undefined && Date.now() - changed > LEFT_OVER_MS) remove(path);
  }
}

function remove(path: string): void {
  rmSync(path, { force: true });
  rmSync(`${path}.lock`, { force: true, recursive: true });
}
