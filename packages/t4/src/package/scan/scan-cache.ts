import { readCacheFile, writeCacheFile } from "../cache-file.js";
import { decodeScanTable, encodeScanTable, type ScanTable } from "./scan-table.js";

/** Reads a table from a file; one that is absent, damaged or of another version is none: only speed is lost. */
export function readScanTable(path: string): ScanTable | undefined {
  const bytes = readCacheFile(path);
  try {
    return bytes && decodeScanTable(bytes);
  } catch {
    // Whatever is wrong with it, the files can be hashed again.
    return undefined;
  }
}

/** Writes a table to a file, atomically; that it cannot is no error. */
export function writeScanTable(path: string, table: ScanTable): void {
  writeCacheFile(path, encodeScanTable(table));
}
