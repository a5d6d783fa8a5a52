import { join } from "node:path";
import { expect } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { NAME } from "./scene.js";

/** Codes of what is wrong with the registries of a scene, all data read. */
export async function errorsIn(state: string): Promise<string[]> {
  const errors: string[] = [];
  for (const root of ["registry", "home/T4"]) {
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
