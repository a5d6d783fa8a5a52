/** Most that a frame may ask a reader to keep of what it has unpacked: the `zstd` command has the same limit. */
export const MOST_OF_WINDOW_BYTES = 128 << 20;
/** So many packed bytes should be pushed at once, so that it can be looked how much they became. */
export const PIECE_BYTES = 16 << 10;

/** Takes packed bytes, piece by piece. */
type Push = (piece: Uint8Array, isLast: boolean) => void;

/** What is done with bytes that were unpacked, and the error for a frame that asks for too much memory. */
interface ZstdHandler {
  readonly onPart: (part: Uint8Array) => void;
  readonly tooLarge: (windowBytes: number) => Error;
}

/** Loads what unpacks Zstandard; its library takes whatever memory a frame asks for, so each frame is looked at before. */
export async function loadZstd(): Promise<(handler: ZstdHandler) => Push> {
  const { Decompress } = await import("fzstd");
  return ({ onPart, tooLarge }) => {
    const unpacker = new Decompress(onPart);
    const look = watchFrames((windowBytes) => {
      if (windowBytes > MOST_OF_WINDOW_BYTES) throw tooLarge(windowBytes);
    });
    return (piece, isLast) => {
      look(piece);
      unpacker.push(piece, isLast);
    };
  };
}

const MAGIC = 0xfd2fb528;
/** Of frames that readers leave out; the last 4 bits may be any. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const RLE = 1;

/** What comes after a header, in bytes that mean nothing here. */
interface Step {
  readonly skip: number;
  readonly next: "frame" | "block";
}

/** Tells of each frame's window, from headers alone: of frames, and of the blocks in them. */
function watchFrames(onWindow: (bytes: number) => void): (piece: Uint8Array) => void {
  let header: number[] = [];
  let skip = 0;
  let at: Step["next"] = "frame";
  let checksumBytes = 0;
  const step = (): Step | undefined => {
    if (at === "block") return afterBlock(header, checksumBytes);
    const frame = frameOf(header);
    if (frame?.windowBytes !== undefined) onWindow(frame.windowBytes);
    checksumBytes = frame?.checksumBytes ?? 0;
    return frame;
  };
  return (piece) => {
    for (let from = 0; from < piece.length; ) {
      const skipped = Math.min(skip, piece.length - from);
      skip -= skipped;
      from += skipped;
      if (from === piece.length) return;
      header.push(piece[from++] as number);
      const done = step();
      if (done === undefined) continue;
      header = [];
      ({ skip, next: at } = done);
    }
  };
}

interface FrameStep extends Step {
  readonly windowBytes?: number;
  readonly checksumBytes?: number;
}

/** `undefined`: the header goes on. */
function frameOf(header: readonly number[]): FrameStep | undefined {
  if (header.length < 5) return undefined;
  const magic = numberIn(header, 0, 4);
  if (magic - (magic % 16) === SKIPPABLE_MAGIC)
    return header.length < 8 ? undefined : { skip: numberIn(header, 4, 4), next: "frame" };
  // The library says that this is no frame.
  if (magic !== MAGIC) return { skip: Number.POSITIVE_INFINITY, next: "frame" };
  const flags = header[4] as number;
  const isSingle = (flags & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] as number;
  const sizeBytes = [Number(isSingle), 2, 4, 8][flags >> 6] as number;
  const sizeAt = 5 + Number(!isSingle) + dictionaryBytes;
  if (header.length < sizeAt + sizeBytes) return undefined;
  // What is in one segment has its own size for a window.
  const windowBytes = isSingle ? numberIn(header, sizeAt, sizeBytes) : windowIn(header[5] as number);
  return { skip: 0, next: "block", windowBytes, checksumBytes: (flags & 4) === 0 ? 0 : 4 };
}

function windowIn(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function afterBlock(header: readonly number[], checksumBytes: number): Step | undefined {
  if (header.length < 3) return undefined;
  const word = numberIn(header, 0, 3);
  const bytes = ((word >> 1) & 3) === RLE ? 1 : word >> 3;
  return (word & 1) === 1 ? { skip: bytes + checksumBytes, next: "frame" } : { skip: bytes, next: "block" };
}

/** Little-endian. */
function numberIn(bytes: readonly number[], from: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[from + i] as number);
  return value;
}
