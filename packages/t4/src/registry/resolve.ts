import { T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { pathOrUrl } from "../format/physical-key.js";
import { isTimestampPointer, LATEST } from "../format/pointer.js";
import { pointerKey } from "../format/registry-layout.js";
import type { TopHash } from "../format/top-hash.js";
import type { RegistryContext } from "./context.js";
import { readLatest } from "./latest.js";
import { listRevisions, listTags, packageNotFound } from "./pointers.js";
import { topHashAt } from "./read-quietly.js";

/** Fewest digits of a shortened top hash. */
const MIN_HASH_DIGITS = 6;
const SHORT_HASH = new RegExp(`^[0-9a-f]{${MIN_HASH_DIGITS},64}$`);
const TOO_SHORT_HASH = new RegExp(`^[0-9a-f]{1,${MIN_HASH_DIGITS - 1}}$`);

/**
 * Finds the top hash that a text means: a full hash or at least 6 of its first digits, a tag, ten digits of a pointer,
 * `latest`, or `latest~n` for the n-th revision before it. Only the package's own revisions and tags count.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND`, or `ERR_T4_AMBIGUOUS` with the candidates.
 */
export async function resolveRevision(
  context: RegistryContext,
  name: PackageName,
  text: string = LATEST,
): Promise<TopHash> {
  const steps = /^latest(?:~([0-9]+))?$/.exec(text);
  if (steps !== null) return ancestor(context, name, Number(steps[1] ?? 0));
  const byHash = SHORT_HASH.test(text) ? await findByHash(context, name, text) : undefined;
  const found = byHash ?? (await findByPointer(context, name, text));
  if (found !== undefined) return found;
  if ((await readLatest(context, name)) === undefined) throw packageNotFound(context, name);
  const hint = TOO_SHORT_HASH.test(text)
    ? `Give at least ${MIN_HASH_DIGITS} digits of a top hash.`
    : `t4 log ${name} shows its revisions and tags.`;
  throw new T4Error(
    "ERR_T4_NOT_FOUND",
    `The package ${name} in ${pathOrUrl(context.store.url)} has no revision or tag ${JSON.stringify(text)}.`,
    {
      hint,
      facts: { package: name, registry: context.store.url, revision: text },
    },
  );
}

async function ancestor(context: RegistryContext, name: PackageName, steps: number): Promise<TopHash> {
  const latest = await readLatest(context, name);
  if (latest === undefined) throw packageNotFound(context, name);
  if (steps === 0) return latest.topHash;
  let left = -1;
  for await (const { topHash, isLatest } of listRevisions(context, name)) {
    if (isLatest) left = steps;
    else if (left > 0) left--;
    if (left === 0) return topHash;
  }
  throw new T4Error("ERR_T4_NOT_FOUND", `The package ${name} has no ${steps} revisions before its latest one.`, {
    hint: `t4 log ${name} shows its revisions.`,
    facts: { package: name, steps },
  });
}

async function findByHash(context: RegistryContext, name: PackageName, prefix: string): Promise<TopHash | undefined> {
  const found = new Set<TopHash>();
  const latest = await readLatest(context, name);
  if (latest?.topHash.startsWith(prefix) === true) found.add(latest.topHash);
  for await (const { topHash } of listRevisions(context, name)) if (topHash.startsWith(prefix)) found.add(topHash);
  for await (const { topHash } of listTags(context, name)) if (topHash.startsWith(prefix)) found.add(topHash);
  if (found.size <= 1) return [...found][0];
  throw new T4Error(
    "ERR_T4_AMBIGUOUS",
    `The short hash ${prefix} means ${found.size} revisions of ${name}: ${[...found].join(", ")}.`,
    {
      hint: "Give more digits.",
      facts: { package: name, prefix, candidates: [...found] },
    },
  );
}

async function findByPointer(
  context: RegistryContext,
  name: PackageName,
  pointer: string,
): Promise<TopHash | undefined> {
  if (!isTimestampPointer(pointer) && !/^[\w.-]+$/.test(pointer)) return undefined;
  if (pointer === "." || pointer === "..") return undefined;
  return topHashAt(context, pointerKey(name, pointer));
}
