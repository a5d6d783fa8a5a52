/** What is used of a library that has no types of its own. */
declare module "lz4js" {
  /** Most that a frame unpacks to, from the headers of its blocks. */
  export function decompressBound(packed: Uint8Array): number;
  /** Unpacks a frame, of at most so many bytes. */
  export function decompress(packed: Uint8Array, mostBytes: number): Uint8Array;
}
