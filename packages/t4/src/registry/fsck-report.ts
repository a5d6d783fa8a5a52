import { randomUUID } from "node:crypto";
import { QUARANTINE } from "../format/registry-layout.js";
import type { ListedObject } from "../store/store.js";
import type { RegistryContext } from "./context.js";
import { FINDING_CODES, type Finding, type FindingCode } from "./findings.js";
import { FINDING_HINTS } from "./fsck-hints.js";

/** Options of `Registry.fsck`. */
export interface FsckOptions {
  /** Mends what can be mended and moves the rest to `.quilt/t4/quarantine/`; nothing is deleted. Default `false`. */
  readonly repair?: boolean;
  /** Also reads every object and compares its hash; without it only presence and size are checked. Default `false`. */
  readonly readData?: boolean;
  /** Aborts; nothing is left half-mended. */
  readonly signal?: AbortSignal;
}

/** What became of a finding: mended, or left, for a reason that is said. */
export type Mended = "mended" | keyof typeof REASONS;

const REASONS = {
  left: "",
  fresh: " It was written less than a minute ago, perhaps not to its end: left; the same command in a minute mends it.",
  moved: " Somebody else changed it meanwhile: left, look again.",
};

/** What is known of a finding. */
interface Found {
  /** The pointer, manifest or object. */
  readonly where: string;
  readonly message: string;
  /** Default `"left"`. */
  readonly mended?: Mended;
}

/** One run of fsck, as all of its checks see it. */
export interface Check extends FsckOptions {
  readonly context: RegistryContext;
  /** Takes down a finding. */
  readonly report: (code: FindingCode, found: Found) => void;
  /** Prefix under which this run sets things aside. */
  readonly quarantine: string;
}

/** Clients that write in place need less than this from a file's first byte to its last. */
const FRESH_MS = 60_000;

/** Starts a run, whose findings gather in `findings`. */
export function startCheck(context: RegistryContext, options: FsckOptions, findings: Finding[]): Check {
  return {
    ...options,
    context,
    quarantine: `${QUARANTINE}${context.clock.now()}-${randomUUID().slice(0, 8)}/`,
    report(code, { where, message, mended = "left" }) {
      findings.push({
        code,
        severity: FINDING_CODES[code],
        where,
        message: mended === "mended" ? message : message + REASONS[mended],
        hint: FINDING_HINTS[code],
        isRepaired: mended === "mended",
      });
    },
  };
}

/** Whether somebody may still be in the middle of writing an object. */
export function isFresh({ context }: Check, { modifiedMs }: Pick<ListedObject, "modifiedMs">): boolean {
  return context.clock.now() - modifiedMs < FRESH_MS;
}

/**
 * Moves an object into quarantine, under its own key and exactly as it was found: one that was written or used since, or
 * within the last minute, stays. `found` has to be looked up before the object is read.
 */
export async function setAside(check: Check, found: ListedObject | undefined): Promise<Mended> {
  if (check.repair !== true || found === undefined) return "left";
  if (isFresh(check, found)) return "fresh";
  const to = check.quarantine + found.key;
  return (await check.context.store.moveIfOlder(found.key, to, found.modifiedMs)) ? "mended" : "moved";
}

/** Carries out a repair, when one is wanted; `false`: somebody else was there meanwhile. */
export async function mend(check: Check, repair: () => Promise<boolean>): Promise<Mended> {
  if (check.repair !== true) return "left";
  return (await repair()) ? "mended" : "moved";
}
