import { T4Error } from "../../base/errors.js";
import type { Engine } from "./engine.js";

/** What a statement reads. */
export interface Statement {
  /** The statement as one that can stand in parentheses behind `as`. */
  readonly query: string;
  /** Tables without a schema, as they are written; names of its own `with` parts are among them. */
  readonly tables: readonly string[];
  /** Tables of the schema `t4`, in lower case. */
  readonly registryTables: readonly string[];
  /** Whether a column of that name may be read; never `false` for one that is. */
  mentions(column: string): boolean;
}

/** A part of a parsed statement; DuckDB says what it is in `type`. */
type Node = { readonly [member: string]: unknown };

/** The schema of what T4 knows of a registry. */
export const SCHEMA = "t4";

/**
 * Parses a statement without running any of it.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` when it is not one `select`.
 */
export async function parseStatement(engine: Engine, text: string): Promise<Statement> {
  const json = await serialized(engine, text);
  const parsed = JSON.parse(json) as { error: boolean; error_message?: string; statements?: readonly Node[] };
  if (parsed.error && !isOtherStatement(parsed.error_message)) throw syntaxError(parsed.error_message);
  if (parsed.error || parsed.statements?.length !== 1) throw notOneSelect();
  const nodes = [...nodesOf(parsed.statements[0])];
  const tables = nodes.filter(({ type, table_name: name }) => type === "BASE_TABLE" && typeof name === "string");
  const named = (isOurs: boolean): string[] =>
    tables.filter(({ schema_name: schema }) => isOurs === isSchema(schema)).map((table) => String(table["table_name"]));
  const query = await withoutEnd(engine, text, json);
  return {
    query: isDescription(parsed.statements[0]) ? `from (\n${query}\n)` : query,
    tables: [...new Set(named(false))],
    registryTables: [...new Set(named(true).map((name) => name.toLowerCase()))],
    mentions: mentionsIn(nodes),
  };
}

async function serialized(engine: Engine, text: string): Promise<string> {
  return engine.doing(async () => {
    const reader = await engine.connection.runAndReadAll("select json_serialize_sql($1::varchar)", [text]);
    return String(reader.getRows()[0]?.[0]);
  });
}

/** The semicolon after a statement, and comments after that. */
const END = /;(?:[\s;]|--[^\n]*|\/\*[^]*?\*\/)*$/;

/** A statement without its semicolon, if what seems to be one is: what remains must mean the same. */
async function withoutEnd(engine: Engine, text: string, json: string): Promise<string> {
  const shorter = text.replace(END, "");
  return shorter !== text && (await serialized(engine, shorter)) === json ? shorter : text;
}

/** `describe` and `summarize` are tables, which have to be selected from. */
function isDescription(statement: Node | undefined): boolean {
  const { from_table: from } = (statement?.["node"] ?? {}) as Node;
  return typeof from === "object" && from !== null && "type" in from && from.type === "SHOW_REF";
}

function isSchema(schema: unknown): boolean {
  return typeof schema === "string" && schema.toLowerCase() === SCHEMA;
}

function* nodesOf(value: unknown): Generator<Node, void, undefined> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Node;
  for (const inner of Object.values(value)) yield* nodesOf(inner);
}

/** A column is read by its name, or with all others: by `*`, in a whole row, by its place, in `describe` or a natural join. */
function mentionsIn(nodes: readonly Node[]): (column: string) => boolean {
  const words = new Set(nodes.flatMap((node) => Object.values(node).flatMap(textsIn)));
  // What can be sampled is a table, a subquery or a join: their names stand for whole rows.
  const sources = nodes.filter((node) => "sample" in node);
  const rows = new Set(sources.flatMap(({ alias, table_name: name }) => [alias, name].flatMap(textsIn)));
  const isAll = nodes.some((node) => readsAll(node, rows));
  return (column) => isAll || words.has(column);
}

function readsAll(node: Node, rows: ReadonlySet<string>): boolean {
  const { type, class: kind, ref_type: join, column_names: names, column_name_alias: renamed } = node;
  if (kind === "STAR" || kind === "POSITIONAL_REFERENCE" || type === "SHOW_REF" || join === "NATURAL") return true;
  if (Array.isArray(renamed) && renamed.length > 0) return true;
  // `packages`, or `t4.packages`.
  const name = Array.isArray(names) ? names.flatMap(textsIn).at(-1) : undefined;
  return kind === "COLUMN_REF" && name !== undefined && rows.has(name);
}

/** Names do not tell upper from lower case. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value === "" ? [] : [value.toLowerCase()];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string").map((item) => item.toLowerCase()) : [];
}

function isOtherStatement(message = ""): boolean {
  return message.startsWith("Only SELECT statements");
}

function syntaxError(message = ""): T4Error {
  return new T4Error("ERR_T4_USAGE", `The statement is no SQL: ${message}.`, {
    hint: "A text in SQL has single quotes, a name double ones.",
  });
}

function notOneSelect(): T4Error {
  return new T4Error("ERR_T4_USAGE", "Expected one statement that reads: select, from, with, values or describe.", {
    hint: "Nothing can be changed by SQL; several statements are run one by one.",
  });
}
