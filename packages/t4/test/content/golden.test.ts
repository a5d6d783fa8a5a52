import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Package, type Row, Timestamp } from "#t4/index.js";

const FOLDER = new URL("golden/", import.meta.url);
const EXPECTED = JSON.parse(readFileSync(new URL("expected.json", FOLDER), "utf8")) as Record<string, unknown[]>;

/** Values as `make.py` writes them: each says its kind. Integers of few bits are numbers here, and no floats there. */
function plain(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return { int: String(value) };
  if (typeof value === "number") return value;
  if (value instanceof Date) {
    const below = value instanceof Timestamp ? value.nanoseconds : 0;
    return { moment: String(BigInt(value.getTime()) * 1_000_000n + BigInt(below)) };
  }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (value instanceof Map) return { map: Array.from(value, (pair: unknown[]) => pair.map(plain)) };
  if (Array.isArray(value)) return value.map(plain);
  return { struct: members(value as object) };
}

function members(value: object): unknown {
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

/** What Python says, with the numbers that we make of small integers and of floats. */
function asOurs(expected: unknown, got: unknown): unknown {
  if (Array.isArray(expected)) return expected.map((each, i) => asOurs(each, (got as unknown[] | null)?.[i]));
  if (typeof expected !== "object" || expected === null) return expected;
  if ("int" in expected && typeof got === "number") return Number(expected.int);
  if ("float" in expected) return floatOf(String(expected.float));
  if (Object.keys(expected).length === 1 && ("struct" in expected || "map" in expected)) {
    const [[kind, inner] = ["", {}]] = Object.entries(expected) as [string, object][];
    return { [kind]: asOurs(inner, (got as Record<string, unknown> | null)?.[kind]) };
  }
  const others = got as Record<string, unknown> | null | undefined;
  return Object.fromEntries(Object.entries(expected).map(([name, each]) => [name, asOurs(each, others?.[name])]));
}

/** A float as Python writes it exactly, in hexadecimal. */
function floatOf(text: string): number {
  const [, sign, whole = "", fraction = "", exponent] = /^(-?)0x([01])\.?([0-9a-f]*)p([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return Number(text.replace("inf", "Infinity"));
  const size = Number.parseInt(whole + fraction, 16) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === "-" ? -size : size;
}

describe("files that other tools wrote", () => {
  it.each(Object.keys(EXPECTED))("%s has the rows that Python reads in it", async (name) => {
    const pkg = await new Package().setBytes(name, readFileSync(new URL(name, FOLDER)));
    const entry = pkg.entry(name);
    const rows: Row[] = [];
    for await (const row of entry.rows()) rows.push(row);
    const got = rows.map(members);
    const expected = EXPECTED[name] as unknown[];
    expect(got).toEqual(expected.map((row, i) => asOurs(row, got[i])));
    const { columns } = await entry.schema();
    expect(columns.map((column) => column.name)).toEqual(Object.keys(expected[0] as object));
  });
});
