import { randomBytes } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import avro, { type Type } from "avsc";

/** A schema of Avro, whose fields have the ids that Iceberg finds them by. */
export type AvroSchema =
  | string
  | readonly AvroSchema[]
  | { readonly type: "record"; readonly name: string; readonly fields: readonly AvroField[] }
  | { readonly type: "array"; readonly items: AvroSchema; readonly [attribute: string]: unknown };

/** A field of a record. */
export interface AvroField {
  readonly name: string;
  readonly type: AvroSchema;
  readonly default?: null;
  readonly "field-id"?: number;
}

/** A record: its values by field. Longs are bigints, bytes are Buffers. */
export type AvroRecord = Readonly<Record<string, unknown>>;

const MAGIC = Buffer.from("Obj\u0001", "latin1");
const SYNC_BYTES = 16;

/** Longs as bigints: ids of snapshots use all 64 bits. */
// oxlint-disable-next-line no-underscore-dangle -- the library calls it so
const LONG = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer(value: bigint) {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(value);
    return buffer;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === "bigint",
  compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
});

const typeOf = (schema: AvroSchema): Type => avro.Type.forSchema(schema as avro.Schema, { registry: { long: LONG } });

const HEADER = avro.Type.forSchema({
  type: "record",
  name: "Header",
  fields: [
    { name: "magic", type: { type: "fixed", name: "Magic", size: MAGIC.length } },
    { name: "meta", type: { type: "map", values: "bytes" } },
    { name: "sync", type: { type: "fixed", name: "Sync", size: SYNC_BYTES } },
  ],
});
const BLOCK = avro.Type.forSchema({
  type: "record",
  name: "Block",
  fields: [
    { name: "count", type: "long" },
    { name: "data", type: "bytes" },
    { name: "sync", type: { type: "fixed", name: "BlockSync", size: SYNC_BYTES } },
  ],
});

/** Writes records as an Avro object container file of one block; `facts` go into its header. */
export function encodeAvro(
  schema: AvroSchema,
  records: readonly AvroRecord[],
  facts: Readonly<Record<string, string>>,
): Buffer {
  const type = typeOf(schema);
  const sync = randomBytes(SYNC_BYTES);
  // Attributes that Avro itself does not know have to stay, so the schema is written as it was given.
  const meta = { "avro.schema": JSON.stringify(schema), "avro.codec": "deflate", ...facts };
  const header = HEADER.toBuffer({
    magic: MAGIC,
    meta: Object.fromEntries(Object.entries(meta).map(([name, text]) => [name, Buffer.from(text)])),
    sync,
  });
  if (records.length === 0) return header;
  const data = deflateRawSync(Buffer.concat(records.map((record) => type.toBuffer(record))));
  return Buffer.concat([header, BLOCK.toBuffer({ count: records.length, data, sync })]);
}

/**
 * Reads an Avro object container file of whatever writer, as records of `schema`: its fields are found by their ids, whatever name the
 * writer gave them; what the writer does not know is null.
 *
 * Throws an Error for bytes that are no such file.
 */
export function decodeAvro(schema: AvroSchema, bytes: Uint8Array): AvroRecord[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // The library would look for as many facts as whatever stands there says.
  if (!buffer.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error("it is no Avro file");
  const header = decodeAt(HEADER, buffer, 0) as Positioned<{
    meta: Record<string, Buffer>;
    sync: Buffer;
  }>;
  const { meta, sync } = header.value;
  const written = JSON.parse(String(meta["avro.schema"])) as AvroSchema;
  const unpack = unpackerOf(String(meta["avro.codec"] ?? "null"));
  const type = typeOf(written);
  const records: AvroRecord[] = [];
  for (let at = header.offset; at < buffer.length; ) {
    const block = decodeAt(BLOCK, buffer, at) as Positioned<{ count: number; data: Buffer; sync: Buffer }>;
    if (!block.value.sync.equals(sync)) throw new Error("a block does not end where it should");
    const data = unpack(block.value.data);
    let offset = 0;
    for (let i = 0; i < block.value.count; i++) {
      const record = decodeAt(type, data, offset);
      records.push(projected(record.value, written, schema) as AvroRecord);
      offset = record.offset;
    }
    at = block.offset;
  }
  return records;
}

interface Positioned<Value> {
  readonly value: Value;
  readonly offset: number;
}

function decodeAt(type: Type, buffer: Buffer, at: number): Positioned<unknown> {
  const found = type.decode(buffer, at) as Positioned<unknown>;
  if (found.offset < 0) throw new Error("it ends too early");
  return found;
}

function unpackerOf(codec: string): (data: Buffer) => Buffer {
  if (codec === "null") return (data) => data;
  if (codec === "deflate") return (data) => inflateRawSync(data);
  throw new Error(`it is packed by ${codec}`);
}

/** A value that was written by one schema, as another one has it. */
function projected(value: unknown, written: AvroSchema, wanted: AvroSchema): unknown {
  if (value === null || value === undefined) return null;
  const [from, to] = [present(written), present(wanted)];
  if (typeof from === "string" || typeof to === "string" || isUnion(from) || isUnion(to)) return value;
  if (from.type === "array" && to.type === "array") {
    return (value as readonly unknown[]).map((item) => projected(item, from.items, to.items));
  }
  if (from.type !== "record" || to.type !== "record") return value;
  const members = to.fields.map(({ name, type, "field-id": id }) => {
    const field = from.fields.find((each) => each["field-id"] === id);
    return [name, field === undefined ? null : projected((value as AvroRecord)[field.name], field.type, type)] as const;
  });
  return Object.fromEntries(members);
}

function isUnion(schema: AvroSchema): schema is readonly AvroSchema[] {
  return Array.isArray(schema);
}

/** What a value is that is there, of a type that may be missing. */
function present(schema: AvroSchema): AvroSchema {
  return isUnion(schema) ? (schema.find((each) => each !== "null") ?? "null") : schema;
}
