import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { T4Error } from "../../base/errors.js";
import { ioError } from "../../base/io-error.js";
import { makeDirectorySync, syncDirectorySync } from "../../store/file/make-directory.js";
import { type OwnFile, takeFile } from "../../store/file/own-file.js";
import { renameFileSync } from "../../store/file/rename-file.js";
import { flushFiles } from "../../transfer/flush.js";

/** Tables that grow by parts, in the order in which a part of them is published. */
const GROWING = ["package_entry", "package_manifest"] as const;
/** Tables that are replaced. */
const REPLACED = ["package_revision", "package_tag"] as const;

/** A table of an export: a directory of Parquet files. */
export type ExportTable = (typeof GROWING)[number] | (typeof REPLACED)[number];

/** The folder of an export, while one process writes to it. */
export interface ExportFolder {
  /**
   * Has files written, each under a temporary name, and gives them their names, one table after the other, when all are on the
   * disk.
   */
  publish(
    tables: readonly ExportTable[],
    part: string,
    write: (table: ExportTable, path: string) => Promise<void>,
  ): Promise<void>;
  close(): void;
}

/** The name of the one part of a table that is replaced. */
export const WHOLE = "all";
const ENDING = ".parquet";
/** Engines pass over names that begin with a dot. */
const LOCK = ".t4-export";
const TEMPORARY = /^\.[0-9a-f-]{36}\.tmp$/;

/**
 * Opens the folder of an export, made where it is not there, for this process alone, and removes what a process that was killed
 * left half-done.
 *
 * @throws {@link T4Error} `ERR_T4_BUSY` while another process writes there.
 */
export function openExportFolder(path: string): ExportFolder {
  const directoryOf = (table: ExportTable): string => join(path, table);
  let own: OwnFile;
  try {
    for (const table of [...GROWING, ...REPLACED]) makeDirectorySync(directoryOf(table));
    own = lock(join(path, LOCK));
  } catch (error) {
    throw ioError(`write the export ${path}`, error);
  }
  try {
    for (const table of [...GROWING, ...REPLACED]) removeTemporary(directoryOf(table));
    // A part counts when all tables have it.
    const whole = new Set(exportedFiles(path, "package_manifest").map((file) => basename(file)));
    for (const file of exportedFiles(path, "package_entry")) if (!whole.has(basename(file))) rmSync(file);
  } catch (error) {
    own.release();
    throw ioError(`write the export ${path}`, error);
  }
  return {
    async publish(tables, part, write) {
      const written = tables.map((table) => ({ table, temporary: join(directoryOf(table), `.${randomUUID()}.tmp`) }));
      try {
        for (const { table, temporary } of written) {
          await write(table, temporary);
          flushFiles([temporary]);
        }
        for (const { table, temporary } of written) {
          renameFileSync(temporary, join(directoryOf(table), `${part}${ENDING}`));
          syncDirectorySync(directoryOf(table));
        }
      } catch (error) {
        for (const { temporary } of written) rmSync(temporary, { force: true });
        throw ioError(`write the export ${path}`, error);
      }
    },
    close: () => own.release(),
  };
}

/** Absolute paths of the files of a table of an export; none where there is no export. */
export function exportedFiles(path: string, table: ExportTable): string[] {
  const directory = join(path, table);
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith(ENDING) && !name.startsWith("."));
  return names.sort().map((name) => join(directory, name));
}

function removeTemporary(directory: string): void {
  for (const name of readdirSync(directory)) if (TEMPORARY.test(name)) rmSync(join(directory, name), { force: true });
}

function lock(path: string): OwnFile {
  const own = takeFile(path);
  if (own !== undefined) return own;
  throw new T4Error("ERR_T4_BUSY", `Another export writes to this folder: ${path} is there.`, {
    hint: "Wait for its end; if it died on another machine, remove that file.",
    facts: { path },
  });
}
