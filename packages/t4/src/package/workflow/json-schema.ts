import type { ErrorObject } from "ajv";
import { T4Error } from "../../base/errors.js";
import { isDeepJson } from "../../base/nesting.js";
import { type Json, PyFloat } from "../../format/json-value.js";
import { loadPatterns } from "./python-pattern.js";

/** A schema of a person is smaller. */
const MAX_LENGTH = 1 << 20;

/** Tells what is wrong with a value; `undefined`: nothing. */
export type Validate = (value: unknown) => string | undefined;

/** The one dialect that Quilt accepts. */
const DRAFT_7 = /^http:\/\/json-schema\.org\/draft-07\/schema#?$/;

/**
 * Compiles a JSON Schema (draft 7) as Quilt understands it: without `$ref`, without formats, patterns as Python reads them.
 *
 * @throws {@link T4Error} `ERR_T4_WORKFLOW` when it is no such schema.
 */
export async function compileSchema(id: string, text: string): Promise<Validate> {
  const schema = parse(id, text);
  requireSupported(id, schema);
  const [{ Ajv }, compilePattern] = await Promise.all([import("ajv"), loadPatterns()]);
  const regExp = Object.assign((pattern: string) => compilePattern(pattern), { code: "" });
  const ajv = new Ajv({ strict: false, ownProperties: true, validateFormats: false, logger: false, code: { regExp } });
  if (ajv.validateSchema(schema) !== true) throw invalid(id, describe(ajv.errors));
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? undefined : describe(validate.errors));
}

function parse(id: string, text: string): boolean | Readonly<Record<string, unknown>> {
  if (text.length > MAX_LENGTH) throw invalid(id, `it has ${text.length} characters, expected at most ${MAX_LENGTH}`);
  if (isDeepJson(text)) throw invalid(id, "it is nested too deeply");
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (cause) {
    throw invalid(id, "it is not JSON", cause);
  }
  if (typeof schema !== "boolean" && (typeof schema !== "object" || schema === null || Array.isArray(schema)))
    throw invalid(id, "it must be an object or a boolean");
  return schema as boolean | Readonly<Record<string, unknown>>;
}

/** Fails on what Quilt does not support: `$ref` anywhere, other dialects. */
function requireSupported(id: string, schema: unknown): void {
  if (typeof schema !== "object" || schema === null) return;
  const dialect = (schema as { readonly $schema?: unknown }).$schema;
  if (dialect !== undefined && !(typeof dialect === "string" && DRAFT_7.test(dialect)))
    throw invalid(id, `its $schema ${JSON.stringify(dialect)} is not supported, expected draft 7`);
  const pending: unknown[] = [schema];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== "object" || value === null) continue;
    if (Object.hasOwn(value, "$ref")) throw invalid(id, "$ref is not supported");
    pending.push(...Object.values(value));
  }
}

function describe(errors: readonly ErrorObject[] | null | undefined): string {
  const { instancePath = "", message = "it is not valid" } = errors?.[0] ?? {};
  return instancePath === "" ? message : `${instancePath} ${message}`;
}

function invalid(id: string, problem: string, cause?: unknown): T4Error {
  return new T4Error("ERR_T4_WORKFLOW", `Invalid workflow schema ${JSON.stringify(id)}: ${problem}.`, {
    hint: "Mend the registry's schema; nothing was published.",
    facts: { schema: id },
    cause,
  });
}

/** Metadata as a schema sees it: all numbers are numbers, and names such as `__proto__` are ordinary. */
export function schemaValueOf(json: Json): unknown {
  if (json instanceof PyFloat) return json.value;
  if (typeof json === "bigint") return Number(json);
  if (Array.isArray(json)) return json.map((item: Json) => schemaValueOf(item));
  if (!(json instanceof Map)) return json;
  const object = Object.create(null) as Record<string, unknown>;
  for (const [name, member] of json as ReadonlyMap<string, Json>) object[name] = schemaValueOf(member);
  return object;
}
