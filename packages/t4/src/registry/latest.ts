import { T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { encodePointer, LATEST, readPointer } from "../format/pointer.js";
import { pointerKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { Note, Version } from "../store/store.js";
import type { RegistryContext } from "./context.js";
import { MAX_SLOT } from "./slots.js";

/** What `latest` says now. */
export interface Latest {
  readonly topHash: TopHash;
  /** For compare-and-swap. */
  readonly version: Version;
  /** What the writer left with it; `undefined` when another client than T4 wrote it. */
  readonly note: LatestNote | undefined;
}

/** What T4 leaves with `latest`, in one step with it. */
export interface LatestNote {
  /** Seconds since 1970 that name this revision's pointer, or the newest pointer's when this is no new revision. */
  readonly slot: number;
  /** Whether the pointer `slot` belongs to this revision and has to exist. */
  readonly isListed: boolean;
  /** Whether another client than T4 ever wrote this package: then slots must not run ahead of the clock. */
  readonly isShared: boolean;
}

/** The originals write in place: a reader may see a pointer that is still empty. */
const TORN_RETRIES = 20;
const TORN_PAUSE_MS = 10;

/**
 * Reads `latest`; `undefined` when the package has none.
 *
 * @throws {@link T4Error} `ERR_T4_INTEGRITY` when it does not hold a top hash, also after 200 ms.
 */
export async function readLatest(context: RegistryContext, name: PackageName): Promise<Latest | undefined> {
  const found = await readPointerFile(context, pointerKey(name, LATEST));
  if (found === undefined) return undefined;
  return { topHash: found.topHash, version: found.version, note: parseNote(found.note) };
}

/** Reads one pointer file, waiting a moment while another client writes it. */
async function readPointerFile(
  context: RegistryContext,
  key: string,
): Promise<{ readonly topHash: TopHash; readonly version: Version; readonly note: Note | undefined } | undefined> {
  for (let tries = 0; ; tries++) {
    const object = await context.store.get(key, { withNote: true });
    if (object === undefined) return undefined;
    const topHash = readPointer(object.bytes);
    if (topHash !== undefined) return { topHash, version: object.version, note: object.note };
    if (tries >= TORN_RETRIES) {
      throw new T4Error(
        "ERR_T4_INTEGRITY",
        `The pointer ${key} holds ${object.bytes.length} bytes that are no top hash.`,
        {
          hint: "Run t4 fsck to see what is damaged and t4 fsck --repair to mend it.",
          facts: { key, bytes: object.bytes.length },
        },
      );
    }
    await context.clock.sleep(TORN_PAUSE_MS);
  }
}

/** A note as the store keeps it. */
function encodeNote(note: LatestNote): Note {
  return { slot: String(note.slot), listed: String(note.isListed), shared: String(note.isShared) };
}

function parseNote(note: Note | undefined): LatestNote | undefined {
  const slot = Number(note?.["slot"]);
  // What no T4 wrote says nothing.
  if (note === undefined || !Number.isInteger(slot) || slot < 0 || slot > MAX_SLOT) return undefined;
  return { slot, isListed: note["listed"] === "true", isShared: note["shared"] === "true" };
}

/** Swaps `latest`; `false` when it moved meanwhile. */
export async function swapLatest(
  context: RegistryContext,
  name: PackageName,
  to: { readonly replaces: Version | undefined; readonly topHash: TopHash; readonly note: LatestNote },
): Promise<boolean> {
  const mode = { replaces: to.replaces };
  const key = pointerKey(name, LATEST);
  const outcome = await context.store.put(key, encodePointer(to.topHash), { mode, note: encodeNote(to.note) });
  return outcome.written;
}
