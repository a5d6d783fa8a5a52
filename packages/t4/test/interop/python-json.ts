import { type JsonInput, PyFloat } from "#t4/index.js";

/** Metadata as JSON text that Python's `json` reads as the same value; in its own hand, not the product's. */
export function pythonJson(value: JsonInput): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number")
    return Number.isInteger(value) && !Object.is(value, -0) ? String(BigInt(value)) : float(value);
  if (value instanceof PyFloat) return float(value.value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly JsonInput[]).map(pythonJson).join(",")}]`;
  const members = Object.entries(value as Readonly<Record<string, JsonInput>>);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${pythonJson(member)}`).join(",")}}`;
}

/** A float in a spelling that Python takes for one. */
function float(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.eNI]/.test(text) ? text : `${text}.0`;
}
