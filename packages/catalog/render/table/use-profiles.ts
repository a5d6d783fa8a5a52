import { useEffect, useState } from "preact/hooks";
import type { TableProfile, WorkProgress } from "../../server/table-api.js";
import { asProblem, getJson, type Problem } from "../../web/state/api-client.js";
import { watchWork } from "../../web/state/work.js";
import type { PreviewFile } from "../previews.js";
import { type Profile, profile, profileOfAll } from "./profile.js";
import type { TableSource } from "./table-source.js";

/** Rows by which columns are described at once. */
const FIRST_ROWS = 10_000;
/** Tables up to this size are described by all their rows without being asked: their bytes are read whole anyway. */
const WHOLE_BYTES = 16 << 20;
/** Columns that are described. */
export const MOST_COLUMNS = 200;

/** Descriptions of columns, and by how many rows. */
export interface Profiles {
  /** In the order of the columns; absent while nothing is known, or where the description has no such column. */
  readonly of: (column: number) => Profile | undefined;
  /** Changes with what {@link Profiles.of} gives. */
  readonly version: unknown;
  /** Rows that they are of, or will be in a moment. */
  readonly rows: number;
  /** `few`: there are no more rows. `first`: there are; `reading`: the server reads them; `all`: it has. */
  readonly state: "few" | "first" | "reading" | "all";
  /** Why the others could not be read, after {@link Profiles.readAll}. */
  readonly problem: Problem | undefined;
  readonly readAll: () => void;
  /** How far {@link Profiles.readAll} is, and its end; absent while nothing is read that the reader asked for. */
  readonly reading: { readonly progress: WorkProgress | undefined; readonly stop: () => void } | undefined;
}

interface Known {
  readonly source: TableSource;
  readonly first?: readonly Profile[];
  readonly all?: TableProfile;
  readonly wanted?: "quietly" | "said" | undefined;
  readonly problem?: Problem;
  readonly progress?: WorkProgress;
}

/** Describes columns by their first rows, after those are shown; then by all rows, where that costs little or somebody asks. */
export function useProfiles(source: TableSource, { size, profile: url }: PreviewFile): Profiles {
  const [state, setState] = useState<Known>({ source });
  const known: Known = state.source === source ? state : { source };
  const change = (news: Partial<Known>): void => {
    setState((old) => ({ ...(old.source === source ? old : { source }), ...news }));
  };
  const isLong = source.count > FIRST_ROWS || !source.isWhole;
  useEffect(() => {
    let isWanted = true;
    const describe = async (): Promise<void> => {
      const first = await describeFirst(source);
      if (isWanted) change({ first, ...(isLong && size <= WHOLE_BYTES ? { wanted: "quietly" } : {}) });
    };
    // Without bars the table is as good; what is wrong with its rows is told there.
    const timer = setTimeout(() => void describe().catch(() => undefined), 50);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [source]);
  const { first, all, wanted, problem, progress } = known;
  useEffect(() => {
    if (wanted === undefined) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const read = watchWork(
      async (headers) => getJson<TableProfile>(url, { headers, signal }),
      (news) => change({ progress: news }),
    );
    read.then(
      (found) => change({ all: found }),
      (error: unknown) => {
        if (controller.signal.aborted) return;
        // What nobody asked for is not told: the bars of the first rows stay.
        change({ wanted: undefined, ...(wanted === "said" ? { problem: asProblem(error) } : {}) });
      },
    );
    return () => controller.abort();
  }, [source, wanted]);
  const names = new Map(all?.columns.map((column) => [column.name, column]));
  return {
    of(column) {
      const found = names.get(source.columns[column]?.name ?? "");
      return found === undefined || all === undefined ? first?.[column] : profileOfAll(found, all.rows);
    },
    version: all ?? first,
    rows: all?.rows ?? Math.min(source.count, FIRST_ROWS),
    state: all !== undefined ? "all" : !isLong ? "few" : wanted === undefined ? "first" : "reading",
    problem,
    readAll: () => change({ wanted: "said" }),
    reading:
      wanted === "said" && all === undefined ? { progress, stop: () => change({ wanted: undefined }) } : undefined,
  };
}

async function describeFirst(source: TableSource): Promise<Profile[]> {
  const rows = await source.rows(0, Math.min(source.count, FIRST_ROWS));
  const profiles: Profile[] = [];
  for (const [i, { kind }] of source.columns.slice(0, MOST_COLUMNS).entries()) {
    const values = rows.map((row) => row[i]);
    profiles.push(profile(values, kind));
    // One column after the other, so that the page can move in between.
    await new Promise((done) => setTimeout(done));
  }
  return profiles;
}
