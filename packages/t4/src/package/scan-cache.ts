import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { decodeScanTable, encodeScanTable, type ScanTable } from "./scan-table.js";

/** Reads a table from a file; one that is absent, damaged or of another version is none: only speed is lost. */
export function readScanTable(path: string): ScanTable | undefined {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = new Uint8Array(fstatSync(file).size);
      for (let at = 0; at < bytes.length; ) {
        const count = readSync(file, bytes, at, bytes.length - at, at);
        if (count === 0) return undefined;
        at += count;
      }
      return decodeScanTable(bytes);
    } finally {
      closeSync(file);
    }
  } catch {
    // A home that cannot be read must not fail a build either.
    return undefined;
  }
}

/** Writes a table to a file, atomically; a full disk or a read-only home must not fail a build, so that it cannot is no error. */
export function writeScanTable(path: string, table: ScanTable): void {
  const temporary = `${path}.${randomUUID()}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(temporary, "wx");
    try {
      for (const part of encodeScanTable(table)) {
        for (let at = 0; at < part.length; ) at += writeSync(file, part, at);
      }
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch {
    removeIfThere(temporary);
  }
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where its directory is no directory, there is nothing to remove.
  }
}
