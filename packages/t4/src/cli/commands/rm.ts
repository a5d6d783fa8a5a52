import { type Operation, openRegistry } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, registryWords } from "../command-line.js";
import { requireConsent, YES } from "../consent.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { json, pointerChanges, short } from "../render.js";
import { joined, type Shown, shown } from "../shown.js";
import { type Target, targetOf } from "../target.js";

/** The names that a revision has, or had: a tag goes with it, and `latest` moves. */
function namesGone({ changes }: Operation, isDone: boolean): Shown[] {
  const [gone, moved, now] = isDone ? ["is gone with it", "is", " now"] : ["goes with it", "will be", ""];
  return changes
    .filter(({ pointer, before }) => before !== null && !/^\d{10}$/.test(pointer))
    .map(({ pointer, after }) =>
      after === null ? shown`${pointer} ${gone}.` : shown`${pointer} ${moved} ${short(after)}${now}.`,
    );
}

/** What else the removal of a revision does, for who names it by a tag and means the tag alone. */
function beforehand(planned: Operation, { name, revision, named }: Target): Shown[] {
  const isTag = revision !== "latest" && planned.changes.some(({ pointer }) => pointer === revision);
  if (!isTag || revision === undefined) return namesGone(planned, false);
  const untag = commandLine("t4", "tag", name, revision, "--delete", ...registryWords(named));
  return [...namesGone(planned, false), shown`${untag} takes away the tag alone.`];
}

export const define: DefineCommand = (command, context) => {
  command
    .argument(
      "<reference>",
      "<author>/<package> for all of it, <author>/<package>@<revision> or :<tag> for one revision and all its tags; in a directory that was installed or pushed, @<revision> or :<tag>",
    )
    .option(...REGISTRY)
    .option(...YES)
    .option(...DRY_RUN)
    .option(...JSON_OUTPUT)
    .addHelpText("after", "\nt4 tag <reference> <tag> --delete takes away a tag alone; the revision stays.")
    .addHelpText("after", examples("t4 rm alice/weather@latest~1 --registry ./registry --yes"))
    .action(async (text: string, options: CommonOptions & { readonly yes?: boolean }) => {
      const target = await targetOf(text, options);
      const { name, revision, registry: location, named } = target;
      const registry = await openRegistry(location);
      // Of a package whose removal was cut off there may be no latest revision to resolve any more.
      const topHash = revision === undefined ? undefined : await registry.resolve(name, revision);
      const what =
        topHash === undefined ? `the package ${name} with all its revisions` : `${short(topHash)} of ${name}`;
      const remove = (dryRun: boolean) =>
        topHash === undefined
          ? registry.deletePackage(name, { dryRun })
          : registry.deleteRevision(name, topHash, { dryRun });
      const { dryRun = false } = options;
      if (!dryRun) {
        const facts = topHash === undefined ? [] : beforehand(await remove(true), target);
        if (options.yes !== true)
          await requireConsent(context, { what, facts, hint: "t4 undo brings it back for 90 days." });
        else if (options.json !== true && facts.length > 0) context.err(shown`${joined(facts, " ")}\n`);
      }
      const operation = await remove(dryRun);
      if (options.json === true) {
        context.out(json(operation));
        return;
      }
      if (dryRun) {
        context.err(shown`${pointerChanges(operation)}Nothing was changed.\n`);
        return;
      }
      const undo = commandLine("t4", "undo", name, ...registryWords(named));
      const names = topHash === undefined ? [] : namesGone(operation, true);
      context.err(joined([shown`Took out ${what}.`, ...names, shown`${undo} brings it back.\n`], " "));
    });
};
