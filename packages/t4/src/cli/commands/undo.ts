import { isDeepStrictEqual } from "node:util";
import { type Operation, openRegistry, type Registry, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { commandLine, registryWords } from "../command-line.js";
import { requireConsent, YES } from "../consent.js";
import type { CliContext } from "../context.js";
import { findHere } from "../here.js";
import { type CommonOptions, DRY_RUN, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { json, pointerName, short } from "../render.js";
import { joined, type Shown, shown } from "../shown.js";
import { describeTakenOut, takenOutBy } from "../taken-out.js";
import { packageOf } from "../target.js";

export const define: DefineCommand = (command, context) => {
  command
    .argument("[package]", "<author>/<package>; default: what the directory was installed or pushed as")
    .option(...REGISTRY)
    .option(...YES)
    .option(...DRY_RUN)
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 undo alice/weather --registry ./registry --yes"))
    .action(async (text: string | undefined, options: CommonOptions & { readonly yes?: boolean }) => {
      const { name, registry: location, named } = await packageOf(text, options);
      const registry = await openRegistry(location);
      if (options.dryRun !== true && options.yes !== true) await requireMeant(context, registry, name);
      const operation = await registry.undo(name, { dryRun: options.dryRun });
      if (options.json === true) {
        context.out(json(operation));
        return;
      }
      const isDone = options.dryRun !== true;
      context.err(
        shown`${isDone ? "Undid" : "Would undo"}: ${operation.kind} of ${name}.\n${standing(operation, isDone)}`,
      );
      if (!isDone) return;
      await warnIfHere(context, registry, { name, operation });
      const again = commandLine("t4", "undo", name, ...registryWords(named));
      context.err(shown`${again} does it again.\n`);
    });
};

/**
 * What is the newest operation may be another user's push by now: a revision does not go without a question.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` unless it is meant, `ERR_T4_CONFLICT` when another operation came while we asked.
 */
async function requireMeant(context: CliContext, registry: Registry, name: string): Promise<void> {
  const asked = await registry.undo(name, { dryRun: true });
  const revisions = takenOutBy(asked);
  if (revisions.length === 0) return;
  const what = await describeTakenOut(registry, name, revisions);
  await requireConsent(context, { what, hint: "t4 log shows the history, t4 undo --dry-run what would be." });
  if (isDeepStrictEqual(await registry.undo(name, { dryRun: true }), asked)) return;
  throw new T4Error("ERR_T4_CONFLICT", `Others changed ${name} meanwhile. Nothing was undone.`, {
    hint: "Look at t4 log and try again.",
    facts: { package: name },
  });
}

/** Files of a directory that stands on what was taken out are in no revision any more, and an install would replace them. */
async function warnIfHere(
  { err, paintErr }: CliContext,
  registry: Registry,
  { name, operation }: { readonly name: string; readonly operation: Operation },
): Promise<void> {
  const here = await findHere();
  if (here?.name !== name || !takenOutBy(operation).some(({ topHash }) => topHash === here.topHash)) return;
  // Published more than once, it is the latest still.
  if (operation.changes.some(({ before }) => before === here.topHash)) return;
  if ((await openRegistry(here.registry)).identity !== registry.identity) return;
  const isGone = operation.changes.some(({ pointer, before }) => pointer === "latest" && before === null);
  const risk = isGone ? "" : ": t4 install would replace its files by those of the latest revision";
  err(
    shown`${paintErr("yellow", "warning:")} this directory stands on ${short(here.topHash)}, which was taken out${risk}. t4 push --force keeps them and publishes them as they are.\n`,
  );
}

/** Where the pointers stand once the operation is taken back. */
function standing({ changes }: Operation, isDone: boolean): Shown {
  return joined(
    changes.map(({ pointer, before }) => {
      const name = pointerName(pointer);
      if (before === null) return shown`${name} ${isDone ? "is" : "would be"} gone.\n`;
      return shown`${name} ${isDone ? "is" : "would be"} ${short(before)}${isDone ? " again" : ""}.\n`;
    }),
  );
}
