import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { type Look, NAME } from "./scene.js";

/** Codes of what is wrong with the registries of a scene, all data read. */
export async function errorsIn(state: string): Promise<string[]> {
  const errors: string[] = [];
  // A command that dies early has made no registry of the user's yet.
  const made = ["registry", "home/T4"].filter((root) => existsSync(join(state, root, ".quilt")));
  for (const root of made) {
    const findings = await (await openRegistry(join(state, root))).fsck({ readData: true });
    errors.push(...findings.filter(({ severity }) => severity === "error").map(({ code }) => code));
  }
  return errors;
}

/** Publishes one more revision, as the next command would: nothing has to be cleaned up. */
export async function expectNextPushWorks(state: string): Promise<void> {
  const registry = join(state, "registry");
  const log = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { topHash } of (await openRegistry(registry)).log(NAME)) found.push(topHash);
    return found;
  };
  const before = await log().catch(() => []);
  const next = await (await new Package().setText("next", "next")).push(NAME, registry, { message: "next" });
  expect(await log()).toEqual([next, ...before]);
}

/** What is seen before a command and after it. */
export interface Looks {
  readonly before: Look;
  readonly after: Look;
}

/**
 * Each item is as it was before or as it is after; with `isGradual` a history may also be on its way, some of its
 * revisions gone. `allowed` gives further states that are right.
 */
export function expectItems(
  now: Look,
  { before, after }: Looks,
  {
    isGradual = false,
    allowed = () => [],
  }: { readonly isGradual?: boolean | undefined; readonly allowed?: (key: string) => unknown[] } = {},
): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(now)])) {
    const kept = before[key]?.split(" ").filter((word) => now[key]?.split(" ").includes(word) === true);
    const onTheWay = isGradual ? [kept?.join(" "), "ERR_T4_NOT_FOUND"] : [];
    expect([before[key], after[key], ...onTheWay, ...allowed(key)], key).toContain(now[key]);
  }
}

/** What `fsck` may find of a command that changes pointer by pointer: the same command ends it, and so does a repair. */
export function passing({ isGradual = false }: { readonly isGradual?: boolean | undefined }): string[] {
  return isGradual ? ["E_LATEST_MISSING"] : [];
}
