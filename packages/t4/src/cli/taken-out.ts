import type { Operation, Registry } from "t4";
import { short, time } from "./render.js";
import { firstLine, messageOf } from "./revision-message.js";

/** A revision that goes from the history when an operation is taken back. */
export interface TakenOut {
  readonly topHash: string;
  /** When it was published; `undefined` where its push was cut off before it had a place in the history. */
  readonly time: Date | undefined;
}

/** The revisions that were not in the history before an operation, newest first: a push has one, and a removal's undo all of them. */
export function takenOutBy({ kind, changes }: Operation): TakenOut[] {
  const placed = changes.flatMap(({ pointer, before, after }) =>
    /^\d{10}$/.test(pointer) && before === null && after !== null
      ? [{ topHash: after, time: new Date(Number(pointer) * 1000) }]
      : [],
  );
  if (placed.length > 0 || kind !== "push") return placed.reverse();
  return changes.flatMap(({ after }) => (after === null ? [] : [{ topHash: after, time: undefined }]));
}

/** Names what goes: the newest revision, for who did not mean that one. */
export async function describeTakenOut(
  registry: Registry,
  name: string,
  [newest, ...others]: readonly TakenOut[],
): Promise<string> {
  if (newest === undefined) return name;
  const message = firstLine((await messageOf(registry, newest.topHash)) ?? "");
  const published = newest.time === undefined ? "" : `, published ${time(newest.time)}`;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `${short(newest.topHash)} of ${name}${published}, ${message === "" ? "no message" : JSON.stringify(message)}${more}`;
}
