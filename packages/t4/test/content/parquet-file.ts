/** A value of Thrift's compact protocol: its type and its bytes. */
type Thrift = readonly [type: number, bytes: Buffer];

const [YES, NO, I32, I64, BINARY, LIST, STRUCT] = [1, 2, 5, 6, 8, 9, 12];

/** A number without sign, seven bits a byte. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = BigInt(value);
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return Buffer.from([...bytes, Number(left)]);
}

/** A number with a sign. */
export function zigzag(value: number): Buffer {
  return varint(value < 0 ? -2 * value - 1 : 2 * value);
}

const i32 = (value: number): Thrift => [I32, zigzag(value)];
const i64 = (value: number): Thrift => [I64, zigzag(value)];
const text = (value: string): Thrift => [BINARY, Buffer.concat([varint(value.length), Buffer.from(value)])];
const list = (type: number, items: readonly Thrift[]): Thrift => [
  LIST,
  Buffer.concat([Buffer.from([(items.length << 4) | type]), ...items.map(([, bytes]) => bytes)]),
];

function struct(fields: Readonly<Record<number, Thrift | undefined>>): Thrift {
  let last = 0;
  const all = Object.entries(fields).flatMap(([name, field]) => {
    if (field === undefined) return [];
    const header = Buffer.from([((Number(name) - last) << 4) | field[0]]);
    last = Number(name);
    return [header, field[1]];
  });
  return [STRUCT, Buffer.concat([...all, Buffer.from([0])])];
}

/** A page: what its header says, and its bytes. */
export interface TestPage {
  readonly kind: "dictionary" | "first" | "second";
  readonly count: number;
  /** 0 plain, 5 delta, 7 delta of texts, 8 places in the dictionary. */
  readonly encoding: number;
  readonly bytes: Buffer;
  /** Bytes when unpacked; default: it is not packed. */
  readonly unpacked?: number;
  readonly nulls?: number;
  /** Bytes of the definition levels of the second version. */
  readonly levels?: number;
}

function pageOf({ kind, count, encoding, bytes, unpacked = bytes.length, nulls = 0, levels = 0 }: TestPage): Buffer {
  const header = {
    dictionary: { 1: i32(2), 7: struct({ 1: i32(count), 2: i32(0) }) },
    first: { 1: i32(0), 5: struct({ 1: i32(count), 2: i32(encoding), 3: i32(3), 4: i32(3) }) },
    second: {
      1: i32(3),
      8: struct({
        1: i32(count),
        2: i32(nulls),
        3: i32(count),
        4: i32(encoding),
        5: i32(levels),
        6: i32(0),
        7: [unpacked === bytes.length ? NO : YES, Buffer.alloc(0)],
      }),
    },
  }[kind];
  return Buffer.concat([struct({ ...header, 2: i32(unpacked), 3: i32(bytes.length) })[1], bytes]);
}

/** A Parquet file with one column `a` of integers of 32 bits, or of texts, which may be missing. */
export function parquetFile(
  pages: readonly TestPage[],
  { rows, isText = false, codec = 0 }: { readonly rows: number; readonly isText?: boolean; readonly codec?: number },
): Buffer {
  const body = Buffer.concat(pages.map(pageOf));
  const hasDictionary = pages[0]?.kind === "dictionary";
  const type = i32(isText ? 6 : 1);
  const first = hasDictionary ? pageOf(pages[0] as TestPage).length : 0;
  const chunk = struct({
    1: type,
    2: list(I32, [i32(0)]),
    3: list(BINARY, [text("a")]),
    4: i32(codec),
    5: i64(rows),
    6: i64(body.length),
    7: i64(body.length),
    9: i64(4 + first),
    11: hasDictionary ? i64(4) : undefined,
  });
  const footer = struct({
    1: i32(1),
    2: list(STRUCT, [struct({ 4: text("schema"), 5: i32(1) }), struct({ 1: type, 3: i32(1), 4: text("a") })]),
    3: i64(rows),
    4: list(STRUCT, [
      struct({ 1: list(STRUCT, [struct({ 2: i64(4), 3: chunk })]), 2: i64(body.length), 3: i64(rows) }),
    ]),
  })[1];
  const size = Buffer.alloc(4);
  size.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from("PAR1"), body, footer, size, Buffer.from("PAR1")]);
}

/** Runs of one value each, with their length in bytes before them where the format has it so. */
export function runs(lengths: readonly number[], value: Buffer, { isSized = false } = {}): Buffer {
  const all = Buffer.concat(lengths.flatMap((length) => [varint(length * 2), value]));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(all.length);
  return isSized ? Buffer.concat([size, all]) : all;
}

/** Whole numbers of which each is by `step` greater than the one before, from `first` on, in delta encoding. */
export function steps(count: number, first: number, step: number): Buffer {
  const block = Buffer.concat([zigzag(step), Buffer.alloc(4)]);
  const blocks = Array.from({ length: Math.ceil((count - 1) / 128) }, () => block);
  return Buffer.concat([varint(128), varint(4), varint(count), zigzag(first), ...blocks]);
}
