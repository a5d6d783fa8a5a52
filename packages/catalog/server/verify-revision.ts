import type { Package, PackageEntry } from "t4";
import type { Verification } from "./api.js";
import { describe } from "./problem.js";

/** Files that are read at once. */
const LANES = 4;
/** Damaged files that are named. */
const MOST_NAMED = 100;

/** What there is to verify. */
export interface VerifyTask {
  readonly pkg: Package;
  readonly ofBytes: number;
  readonly signal: AbortSignal;
  /** Told after each file and each piece of one. */
  readonly onProgress: (state: Verification) => void;
}

/** Reads every byte of a revision and compares it with its hash; ends early, and not done, when it is cancelled. */
export async function verifyRevision({ pkg, ofBytes, signal, onProgress }: VerifyTask): Promise<Verification> {
  const damaged: { path: string; message: string }[] = [];
  const state = { files: 0, bytes: 0, ofFiles: pkg.count, ofBytes, damaged, damagedCount: 0, unverifiable: 0 };
  const snapshot = (isDone: boolean): Verification => ({ ...state, damaged: [...damaged], isDone, at: Date.now() });
  const entries = pkg.walk()[Symbol.iterator]();
  const read = async (entry: PackageEntry): Promise<void> => {
    for await (const chunk of entry.stream()) {
      if (signal.aborted) return;
      state.bytes += chunk.length;
      onProgress(snapshot(false));
    }
  };
  const lane = async (): Promise<void> => {
    for (let next = entries.next(); next.done !== true && !signal.aborted; next = entries.next()) {
      const [path, entry] = next.value;
      if (entry.hash === undefined) state.unverifiable++;
      try {
        await read(entry);
      } catch (error) {
        state.damagedCount++;
        if (damaged.length < MOST_NAMED) damaged.push({ path, message: describe(error).message });
      }
      state.files++;
      onProgress(snapshot(false));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return snapshot(!signal.aborted);
}
