import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { isT4Error, systemCode, T4Error } from "../../base/errors.js";
import { type Renamed, statementError } from "./statement-error.js";

/** DuckDB's library, which users install when they want SQL. */
export type DuckDb = typeof import("@duckdb/node-api");

/** A database in memory that reads no file but those that it was given. */
export interface Engine {
  readonly duckdb: DuckDb;
  readonly connection: DuckDBConnection;
  /**
   * Shuts the engine in: from now on it reads only these files, and no statement can change that.
   *
   * `files` are absolute paths; `spill` is a directory for what does not fit into memory.
   */
  lock(files: readonly string[], spill: string): Promise<void>;
  /** Runs a statement of ours. */
  run(statement: string, values?: DuckDBValue[]): Promise<void>;
  /** The rows of a statement of ours, few and of plain values; asked inside of {@link Engine.doing}. */
  ask(statement: string): Promise<Readonly<Record<string, unknown>>[]>;
  /** Does work that {@link signal} interrupts; what DuckDB says of it becomes a {@link T4Error}. */
  doing<Result>(work: () => Promise<Result>, names?: Renamed): Promise<Result>;
  close(): void;
}

/** Nothing is loaded that is not in the library itself, and nothing is kept of one statement for the next. */
const OPTIONS = {
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
  allow_persistent_secrets: "false",
};

/** So often work that is to end is interrupted. */
const INTERRUPT_MS = 20;

/**
 * Opens an empty database.
 *
 * @throws {@link T4Error} `ERR_T4_UNSUPPORTED` when DuckDB is not installed.
 */
export async function openEngine(signal?: AbortSignal): Promise<Engine> {
  const duckdb = await loadDuckDb();
  signal?.throwIfAborted();
  const instance = await duckdb.DuckDBInstance.create(":memory:", OPTIONS);
  const connection = await instance.connect();
  const doing: Engine["doing"] = async (work, names = []) => {
    let repeating: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      connection.interrupt();
      // One that comes just before DuckDB begins is lost.
      repeating = setInterval(() => connection.interrupt(), INTERRUPT_MS);
    };
    try {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", interrupt, { once: true });
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw isT4Error(error) ? error : statementError(error, names);
    } finally {
      signal?.removeEventListener("abort", interrupt);
      clearInterval(repeating);
    }
  };
  const run = (statement: string, values?: DuckDBValue[]): Promise<void> =>
    doing(async () => void (await connection.run(statement, values)));
  return {
    duckdb,
    connection,
    doing,
    run,
    ask: async (statement) => (await connection.runAndReadAll(statement)).getRowObjectsJson(),
    async lock(files, spill) {
      // One zone on all machines: a time with a zone is shown in it.
      await run("set TimeZone = 'UTC'");
      // So that it counts; it prints nothing.
      await run("set enable_progress_bar = true");
      await run("set enable_progress_bar_print = false");
      await run(`set temp_directory = ${quoted(spill)}`);
      await run(`set allowed_paths = [${files.map(quoted).join(", ")}]`);
      await run("set enable_external_access = false");
      await run("set lock_configuration = true");
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A text as SQL writes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as SQL writes it, whatever is in it. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

async function loadDuckDb(): Promise<DuckDb> {
  try {
    return await import("@duckdb/node-api");
  } catch (cause) {
    if (!["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(systemCode(cause) ?? "")) throw cause;
    throw new T4Error("ERR_T4_UNSUPPORTED", "SQL runs on DuckDB, which is not installed here.", {
      hint: "npm install @duckdb/node-api installs it; with --global, where t4 was installed so.",
      cause,
    });
  }
}
