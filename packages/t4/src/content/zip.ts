import { Readable } from "node:stream";
import type { Entry, ZipFile } from "yauzl";
import type { RandomAccess } from "./format.js";

/** A zip file that is open. */
export interface Zip {
  readonly names: readonly string[];
  /** Unpacked bytes of a member, never more than the directory says. Throws an Error where there is none. */
  stream(name: string): AsyncGenerator<Uint8Array, void, undefined>;
}

const MOST_MEMBERS = 100_000;
const PIECE_BYTES = 1 << 20;

/** Reads the directory of a zip file; members are read by ranges when they are asked for. */
export async function openZip(access: RandomAccess): Promise<Zip> {
  const yauzl = await import("yauzl");
  class Reader extends yauzl.RandomAccessReader {
    override _readStreamForRange(start: number, end: number): Readable {
      return Readable.from(piecesOf(access, start, end), { objectMode: false });
    }
  }
  const file = await new Promise<ZipFile>((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
    yauzl.fromRandomAccessReader(new Reader(), access.size, options, (error, opened) => {
      if (error === null) resolve(opened);
      else reject(error);
    });
  });
  const members = await membersOf(file);
  return {
    names: [...members.keys()],
    async *stream(name) {
      const member = members.get(name);
      if (member === undefined) throw new Error(`it has no ${name}`);
      const unpacked = await new Promise<Readable>((resolve, reject) => {
        file.openReadStream(member, (error, opened) => {
          if (error === null) resolve(opened);
          else reject(error);
        });
      });
      yield* unpacked as AsyncIterable<Uint8Array>;
    },
  };
}

function membersOf(file: ZipFile): Promise<Map<string, Entry>> {
  const members = new Map<string, Entry>();
  return new Promise((resolve, reject) => {
    file.on("entry", (entry: Entry) => {
      members.set(entry.fileName, entry);
      if (members.size > MOST_MEMBERS) reject(new Error(`it has more than ${MOST_MEMBERS} members`));
      else file.readEntry();
    });
    file.on("end", () => resolve(members));
    file.on("error", reject);
    file.readEntry();
  });
}

async function* piecesOf(access: RandomAccess, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += PIECE_BYTES) yield await access.read(at, Math.min(end, at + PIECE_BYTES));
}
