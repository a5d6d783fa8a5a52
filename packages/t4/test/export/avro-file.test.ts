import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type AvroSchema, decodeAvro, encodeAvro } from "#t4/package/export/iceberg/avro-file.js";
import { lowerBound, upperBound } from "#t4/package/export/iceberg/column-metrics.js";

const record = (
  name: string,
  ...fields: readonly { name: string; type: AvroSchema; "field-id": number }[]
): AvroSchema => ({
  type: "record",
  name,
  fields,
});
const THEIRS = record(
  "row",
  { name: "added_data_files_count", type: "int", "field-id": 504 },
  { name: "their_own", type: ["null", "string"], "field-id": 900 },
  { name: "id", type: ["null", "long"], "field-id": 1 },
  {
    name: "sizes",
    type: [
      "null",
      { type: "array", logicalType: "map", items: record("pair", { name: "k", type: "int", "field-id": 117 }) },
    ],
    "field-id": 108,
  },
);
const OURS = record(
  "row",
  { name: "id", type: ["null", "long"], "field-id": 1 },
  { name: "added_files_count", type: "int", "field-id": 504 },
  {
    name: "sizes",
    type: ["null", { type: "array", items: record("k117", { name: "key", type: "int", "field-id": 117 }) }],
    "field-id": 108,
  },
  { name: "newer", type: ["null", "int"], "field-id": 77 },
);

describe("Avro files", () => {
  it("are read by the ids of fields, whatever their writer called them", () => {
    const bytes = encodeAvro(
      THEIRS,
      [
        { added_data_files_count: 3, their_own: "x", id: -(2n ** 63n), sizes: [{ k: 1 }, { k: 2 }] },
        { added_data_files_count: 4, their_own: null, id: 2n ** 63n - 1n, sizes: null },
        { added_data_files_count: 5, their_own: null, id: null, sizes: null },
      ],
      { "format-version": "2" },
    );
    expect(decodeAvro(OURS, bytes)).toEqual([
      { id: -(2n ** 63n), added_files_count: 3, sizes: [{ key: 1 }, { key: 2 }], newer: null },
      { id: 2n ** 63n - 1n, added_files_count: 4, sizes: null, newer: null },
      { id: null, added_files_count: 5, sizes: null, newer: null },
    ]);
    expect(decodeAvro(OURS, encodeAvro(THEIRS, [], {}))).toEqual([]);
  });

  it("that are cut off or are none are refused", () => {
    const bytes = encodeAvro(OURS, [{ id: 1n, added_files_count: 1, sizes: null, newer: null }], {});
    for (let length = 0; length < bytes.length; length++) {
      // Without any block it is whole.
      if (length === bytes.length - blockLength(bytes)) continue;
      expect(() => decodeAvro(OURS, bytes.subarray(0, length))).toThrow();
    }
    for (let i = 0; i < 100; i++) expect(() => decodeAvro(OURS, randomBytes(200))).toThrow();
  });
});

/** The block begins behind the header, which ends as the file does. */
function blockLength(bytes: Buffer): number {
  const sync = bytes.subarray(-16);
  return bytes.length - (bytes.indexOf(sync) + 16);
}

describe("bounds of texts", () => {
  const bounds = (text: string): readonly (string | undefined)[] => [
    lowerBound(Buffer.from(text)).toString(),
    upperBound(Buffer.from(text))?.toString(),
  ];

  it("are the texts, or what they begin with and the next text of that length", () => {
    expect(bounds("")).toEqual(["", ""]);
    expect(bounds("exactly sixteen.")).toEqual(["exactly sixteen.", "exactly sixteen."]);
    expect(bounds("exactly sixteen. and more")).toEqual(["exactly sixteen.", "exactly sixteen/"]);
    expect(bounds("🧊".repeat(17))).toEqual(["🧊".repeat(16), `${"🧊".repeat(15)}\u{1f9cb}`]);
    expect(bounds(`${"a".repeat(15)}\u{10ffff}b`)[1]).toBe(`${"a".repeat(14)}b`);
    expect(bounds(`${"a".repeat(15)}\ud7ffb`)[1]).toBe(`${"a".repeat(15)}\ue000`);
    expect(bounds("\u{10ffff}".repeat(17))[1]).toBeUndefined();
  });
});
