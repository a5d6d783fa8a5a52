import { T4Error } from "../../base/errors.js";
import { nearest } from "../../base/nearest.js";
import type { OpenRegistry } from "../registries/opened-registry.js";
import type { Engine } from "./engine.js";
import { fillTable } from "./fill-table.js";
import { isMade } from "./make-table.js";
import { type Cost, type RevisionRecord, registryRevisions } from "./registry-revisions.js";
import { type Columns, REGISTRY_TABLES, type RegistryTable } from "./registry-tables.js";
import { SCHEMA, type Statement } from "./statement.js";

/** What a statement asks of a registry. */
export interface RegistryQuestion {
  readonly registry: OpenRegistry;
  readonly statement: Pick<Statement, "registryTables" | "mentions">;
  /** Whether entries and metadata are those of all revisions. */
  readonly isHistory: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Fills the tables of the schema `t4` that a statement names, with the columns that it may read. Each table that is named costs one
 * listing of the registry and a small read per package; one per revision for what needs them all; and one pass over a manifest
 * per package or revision for what is in them, which is checked.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` when a manifest that is needed is damaged.
 */
export async function fillTables(engine: Engine, question: RegistryQuestion): Promise<void> {
  const { statement } = question;
  for (const name of statement.registryTables) {
    if (!Object.hasOwn(REGISTRY_TABLES, name)) throw noTable(name);
  }
  await engine.run(`create schema ${SCHEMA}`);
  for (const name of statement.registryTables) {
    await fillOne(engine, name, question);
  }
}

async function fillOne(engine: Engine, name: string, question: RegistryQuestion): Promise<void> {
  const { registry, statement, signal } = question;
  const table = REGISTRY_TABLES[name] as RegistryTable;
  const columns = columnsOf(table, statement.mentions);
  const isHistory = table.isHistory || question.isHistory;
  const revisions = registryRevisions(registry, { isHistory, costs: costsOf(table, columns), signal });
  await fillTable(engine, { schema: SCHEMA, name, columns, rows: rowsOf(table, revisions), signal });
}

async function* rowsOf<Row>(
  table: RegistryTable<Row>,
  revisions: AsyncIterable<RevisionRecord>,
): AsyncGenerator<Row, void, undefined> {
  for await (const revision of revisions) yield* table.rows(revision);
}

function columnsOf(table: RegistryTable, mentions: (column: string) => boolean): Columns<unknown> {
  return Object.fromEntries(Object.entries(table.columns).filter(([name], i) => isMade(name, i, mentions)));
}

function costsOf(table: RegistryTable, columns: Columns<unknown>): ReadonlySet<Cost> {
  return new Set([table, ...Object.values(columns)].flatMap(({ cost }) => (cost === undefined ? [] : [cost])));
}

function noTable(name: string): T4Error {
  const known = Object.keys(REGISTRY_TABLES);
  const near = nearest(name, known);
  return new T4Error("ERR_T4_USAGE", `There is no table ${SCHEMA}.${name}.`, {
    hint:
      near === undefined
        ? `There are ${known.map((each) => `${SCHEMA}.${each}`).join(", ")}.`
        : `Did you mean ${SCHEMA}.${near}?`,
  });
}
