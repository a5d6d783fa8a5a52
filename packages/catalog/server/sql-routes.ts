import { Hono } from "hono";
import { type SqlResult, type SqlValue, T4Error } from "t4";
import { type LongWork, STATEMENT_MS } from "./long-work.js";
import { bodyOf, nameOf, requireTopHash } from "./package-requests.js";
import type { Services } from "./services.js";
import type { SqlAnswer } from "./table-api.js";

/** Rows in one answer; a statement can count and group more than anybody reads. */
const MOST_ROWS = 1000;
/** Bytes of a value that are shown. */
const LONGEST = 1000;

/** SQL on one file of one revision, the table `entry`; the library shuts it in, so that it reads nothing else. */
export function sqlRoutes({ registries, revisions, works }: Services): Hono {
  const app = new Hono();
  app.post("/r/:reg/p/:ns/:name/m/:topHash/sql", async (context) => {
    const topHash = requireTopHash(context.req.param("topHash"));
    const { statement } = await bodyOf(context);
    if (typeof statement !== "string") throw new T4Error("ERR_T4_USAGE", "statement is no text.");
    const known = await registries.get(context.req.param("reg"));
    const { pkg } = await revisions(known, { name: nameOf(context), topHash });
    const entry = pkg.entry(context.req.query("path") ?? "");
    const ask: LongWork<SqlAnswer> = async (options) => answerOf(await entry.select(statement, options));
    return context.json(await works.run(context, STATEMENT_MS, ask));
  });
  return app;
}

async function answerOf(result: SqlResult): Promise<SqlAnswer> {
  const { columns } = result;
  const rows: unknown[][] = [];
  for await (const row of result) {
    if (rows.length === MOST_ROWS) return { columns, rows, isWhole: false };
    rows.push(columns.map(({ name }) => plain(row[name] ?? null)));
  }
  return { columns, rows, isWhole: true };
}

/** A value as JSON has it: large integers as text, bytes as their number. */
function plain(value: SqlValue): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string") return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value === null || typeof value !== "object") return value;
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "bigint" ? String(inner) : inner instanceof Uint8Array ? `${inner.length} bytes` : inner,
  );
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
