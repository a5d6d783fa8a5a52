import type { Context } from "hono";
import { T4Error } from "t4";
import { jsonText } from "./json-text.js";

/** The package that an address names. */
export function nameOf(context: Context): string {
  return `${context.req.param("ns")}/${context.req.param("name")}`;
}

/** Answers with JSON; integers that a browser would round are strings. */
export function answer(context: Context, value: unknown): Response {
  return context.body(jsonText(value), 200, { "Content-Type": "application/json" });
}

/** @throws {@link T4Error} `ERR_T4_USAGE` for a body that is no object in JSON. */
export async function bodyOf(context: Context): Promise<Readonly<Record<string, unknown>>> {
  const text = await context.req.text();
  try {
    return { ...(JSON.parse(text) as object) };
  } catch {
    throw new T4Error("ERR_T4_USAGE", `The body ${JSON.stringify(text.slice(0, 80))} is no object in JSON.`, {
      hint: "docs/guide/catalog.md tells what each address takes.",
    });
  }
}

/** @throws {@link T4Error} `ERR_T4_INVALID_REFERENCE` for anything but a full top hash. */
export function requireTopHash(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new T4Error("ERR_T4_INVALID_REFERENCE", "A revision's address needs its full top hash of 64 digits.");
}

/** @throws {@link T4Error} `ERR_T4_USAGE` for a parameter that is no whole number from 0 up. */
export function numberOf(context: Context, name: string, otherwise: number): number {
  const value = Number(context.req.query(name) ?? otherwise);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new T4Error("ERR_T4_USAGE", `${name} is no whole number from 0 up.`);
}
