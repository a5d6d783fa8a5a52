import { resolve } from "node:path";
import { type PushReport, pathOrUrl, T4Error, type UnportableKey, unportableKeys } from "t4";
import { commandLine, registryWords } from "./command-line.js";
import { type Comparison, changeLines, changeSummary, isEqual } from "./comparison.js";
import type { CliContext } from "./context.js";
import { pathFromHere } from "./here.js";
import type { PushSource } from "./push-source.js";
import { isPrefix } from "./push-words.js";
import { counted, firstLines, json, short } from "./render.js";
import { warnOfSecrets } from "./secret-files.js";
import { type Shown, shown } from "./shown.js";
import { skippedLines } from "./skipped.js";

/** What is about to be published. */
interface Planned {
  readonly source: PushSource;
  readonly comparison: Comparison;
}

/** What the user asked for of a push. */
interface PushWishes {
  readonly quiet?: boolean;
  /** Every change is named, and everything that is left out. */
  readonly verbose?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  /** What is copied of it. */
  readonly copy?: string;
}

/**
 * Says what is about to be published; `false`: that is all that a dry run can tell.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` when nothing would be left of a package, which is rarely meant.
 */
export async function tellPlan(
  context: CliContext,
  { request, ...planned }: Planned & { readonly request: PushWishes },
): Promise<boolean> {
  const { quiet, dryRun, force, copy } = request;
  if (quiet !== true) await tellWhat(context, planned, request);
  if (force !== true) await requireMeant(context, { ...planned, dryRun });
  if (dryRun !== true || !isPrefix(planned.source.root)) return true;
  const { tellPrefixCost } = await import("./prefix-cost.js");
  return !tellPrefixCost(context, planned.source, copy);
}

/** Says which directory is published as what and where, and what of it people may not have meant. */
async function tellWhat(
  context: CliContext,
  { source, comparison }: Planned,
  { verbose, dryRun }: PushWishes,
): Promise<void> {
  const { root, name, registry, beforeTopHash } = source;
  // Of a package that is new all is new.
  const seen = beforeTopHash === undefined ? { ...comparison, metadata: [] } : comparison;
  const place = isPrefix(root) ? root : resolve(root);
  context.err(shown`${place} as ${name} to ${pathOrUrl(registry)}: ${changeSummary(seen)}\n`);
  const nameOf = (key: string): string => (isPrefix(root) ? key : pathFromHere(source, key));
  warnOfSecrets(context, [...comparison.added, ...comparison.modified].map(nameOf));
  context.err(skippedLines(source.skipped, { isNamed: verbose === true, nameOf }));
  context.err(unportableLines(unportableKeys(comparison.added, source.pkg.keys()), nameOf));
  if (verbose === true || dryRun === true) context.err(await changeLines(seen, { paint: context.paintErr, nameOf }));
}

/** New files that who installs the package cannot have, before others depend on their names. */
function unportableLines(keys: readonly UnportableKey[], nameOf: (key: string) => string): Shown {
  if (keys.length === 0) return shown``;
  const lines = keys.map(({ logicalKey, on, reason }) => shown`${nameOf(logicalKey)}: not on ${on}, ${reason}`);
  return shown`note: the package cannot be installed whole everywhere:\n${firstLines(lines)}`;
}

/** Where a directory was another package's, commands in it mean this one from now on. */
export function newOwner({ root, name, registry, former }: PushSource): Shown {
  if (former === undefined) return shown``;
  const place = root === "." ? "This directory" : root;
  const [now, before] = former.name === name ? [pathOrUrl(registry), pathOrUrl(former.registry)] : [name, former.name];
  return shown`${place} belongs to ${now} now, no longer to ${before}.\n`;
}

/**
 * Whether nothing is left of a package by this push, which happens when a disk is not mounted or the wrong directory is named.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` unless a person on a terminal means it.
 */
async function requireMeant(
  context: CliContext,
  { source, comparison, dryRun }: Pick<Done, "source" | "comparison" | "dryRun">,
): Promise<void> {
  const { pkg, name, root } = source;
  if (pkg.count > 0 || comparison.deleted.length === 0) return;
  const all = `all ${counted(comparison.deleted.length, "file")} of ${name}`;
  const question = shown`${resolve(root)} has no files. Publish a revision without ${all}?`;
  if (dryRun !== true && (await context.confirm(question)) === true) return;
  throw new T4Error("ERR_T4_USAGE", `${resolve(root)} has no files: this would remove ${all}. Nothing was published.`, {
    hint: "Is it the right directory, and mounted? --force publishes the empty revision.",
    facts: { package: name, path: resolve(root) },
  });
}

/** What became of a push. */
interface Done {
  readonly source: PushSource;
  readonly comparison: Comparison;
  readonly topHash: string;
  readonly report: PushReport | undefined;
  readonly dryRun: boolean | undefined;
  readonly force: boolean | undefined;
}

/** The outcome as JSON. */
export function pushJson({ source, comparison, topHash, report, dryRun = false }: Done): Shown {
  const { name, registry, isFirst: isNewRegistry } = source;
  const { added, modified, deleted, metadata } = comparison;
  const { isPublished = false, parent = null, overtakenBy = null, collidedWith = [] } = report ?? {};
  const changes = { added, modified, deleted, metadata };
  return json({
    topHash,
    name,
    registry,
    dryRun,
    isPublished,
    isNewRegistry,
    parent,
    overtakenBy,
    collidedWith,
    ...changes,
  });
}

/** Says how it ended; warnings also when all else is to be quiet. */
export function tellOutcome(context: CliContext, done: Done, isQuiet: boolean | undefined): void {
  const { source, report } = done;
  warnIfOvertaken(context, report);
  warnIfCollided(context, done);
  if (report?.parent !== undefined && report.parent !== source.beforeTopHash)
    warnOfReplaced(context, source, report.parent);
  warnOfUnknown(context, done);
  if (isQuiet !== true) context.err(shown`${newRegistry(done)}${outcome(done)}`);
}

/** A registry that nobody meant to make, as by a slip of the pen, is noticed at once. */
function newRegistry({ source, dryRun }: Done): Shown {
  if (!source.isFirst) return shown``;
  return shown`${dryRun === true ? "Would make" : "Made"} a new registry at ${pathOrUrl(source.registry)}.\n`;
}

/** What became of the push, in one line. */
function outcome({ source: { beforeTopHash }, topHash, comparison, report, dryRun, force }: Done): Shown {
  const isSame = topHash === beforeTopHash && force !== true;
  if (dryRun === true) return shown`Would be its top hash. Nothing was published.\n`;
  if (report?.isPublished !== true) return shown`The latest revision is the same already: nothing was published.\n`;
  if (isSame) return shown`Nothing changed: the same revision is listed once more. With --dedupe it is not.\n`;
  if (!isEqual(comparison) || beforeTopHash === undefined) return shown`Published.\n`;
  return shown`Published: nothing but the message changed.\n`;
}

function warnIfOvertaken({ err, paintErr }: CliContext, report: PushReport | undefined): void {
  if (report?.overtakenBy === undefined) return;
  err(
    shown`${paintErr("yellow", "warning:")} a client without safe publishing made ${report.overtakenBy} the latest meanwhile. Both revisions are in the history; t4 rollback chooses.\n`,
  );
}

/** Where the server keeps no pushes apart, they are told that they met. */
function warnIfCollided({ err, paintErr }: CliContext, { source, report }: Done): void {
  const { collidedWith = [] } = report ?? {};
  if (collidedWith.length === 0) return;
  const log = commandLine("t4", "log", source.name, ...registryWords(source.location));
  err(
    shown`${paintErr("yellow", "warning:")} this push met others, and the server does not keep them apart: one of them may be the latest without the others' changes.\n`,
  );
  err(firstLines(collidedWith.map((topHash) => shown`${topHash}`)));
  err(shown`All are in the history: ${log} shows which is the latest; push again on top of it what it has not.\n`);
}

/** A directory that knows no earlier revision replaces all of the package, which who has an old copy may not mean. */
function warnOfUnknown({ err, paintErr }: CliContext, { source, comparison, dryRun }: Done): void {
  const { name, isBased, beforeTopHash, location } = source;
  const { deleted } = comparison;
  if (isBased || beforeTopHash === undefined || deleted.length === 0) return;
  const files = counted(deleted.length, "file");
  const fate = `${dryRun === true ? "would be" : "are"} no longer in the package`;
  err(
    shown`${paintErr("yellow", "warning:")} this directory knew no earlier revision: ${files} of ${name}@${short(beforeTopHash)} that it has not ${fate}:\n`,
  );
  err(firstLines(deleted.map((key) => shown`${key}`)));
  if (dryRun !== true)
    err(shown`${commandLine("t4", "undo", name, ...registryWords(location))} takes this back, once you confirm it.\n`);
}

/** With --force, what others published meanwhile is no longer in the latest revision. */
function warnOfReplaced({ err, paintErr }: CliContext, { name, location }: PushSource, parent: string): void {
  const registry = registryWords(location);
  const look = commandLine("t4", "show", `${name}@${short(parent)}`, ...registry);
  const back = commandLine("t4", "undo", name, ...registry);
  err(
    shown`${paintErr("yellow", "warning:")} this replaces ${short(parent)}, which the directory had not taken in. ${look} shows it; ${back} takes this back, once you confirm it.\n`,
  );
}

/** What cannot be remembered is published all the same. */
export async function remember(context: CliContext, { pkg, root }: PushSource): Promise<boolean> {
  try {
    await pkg.remember(root);
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.err(shown`note: ${root} does not remember this revision: ${why}\n`);
    return false;
  }
}
