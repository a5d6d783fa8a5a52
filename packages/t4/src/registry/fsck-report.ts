import { QUARANTINE } from "../format/registry-layout.js";
import type { RegistryContext } from "./context.js";
import type { FindingCode } from "./findings.js";

/** Options of `Registry.fsck`. */
export interface FsckOptions {
  /** Mends what can be mended and moves the rest to `.quilt/t4/quarantine/`; nothing is deleted. Default `false`. */
  readonly repair?: boolean;
  /** Also reads every object and compares its hash; without it only presence and size are checked. Default `false`. */
  readonly readData?: boolean;
  /** Aborts; nothing is left half-mended. */
  readonly signal?: AbortSignal;
}

/** Takes down findings as they come. */
export type Report = (
  code: FindingCode,
  where: string,
  found: { readonly message: string; readonly isRepaired?: boolean },
) => void;

/** Moves an object into quarantine under its own key. */
export async function setAside(context: RegistryContext, key: string, options: FsckOptions): Promise<boolean> {
  if (options.repair !== true) return false;
  const object = await context.store.get(key);
  if (object === undefined) return false;
  await context.store.put(`${QUARANTINE}${context.clock.now()}/${key}`, object.bytes);
  return context.store.delete(key);
}
