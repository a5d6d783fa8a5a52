import type { PackageEntry } from "../package-entry.js";

/** The beginning of a file, at most so many bytes. */
export async function headOf(entry: PackageEntry, bytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry.stream({ end: bytes, verify: false })) chunks.push(chunk);
  return Buffer.concat(chunks);
}
