import { isT4Error, openRegistry, Package, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { progressLine } from "../progress.js";
import { changeSummary, changes } from "../render.js";

interface Options {
  readonly message?: string;
  readonly registry?: string;
  readonly force?: boolean;
  readonly dedupe?: boolean;
  readonly dryRun?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[package]", "<author>/<package>; default: what the directory was installed or pushed as")
    .argument("[directory]", "the directory", ".")
    .argument("[registry]", "the registry; default: the directory's, your configured or local one")
    .option("-m, --message <text>", "what this revision is")
    .option("--registry <registry>", "the same as the third argument")
    .option("-f, --force", "put this directory's state on top of whatever is latest")
    .option("--dedupe", "publish nothing when the latest revision is the same")
    .option("--dry-run", "only say what would change")
    .option("-q, --quiet", "only print the top hash")
    .option("-v, --verbose", "name every change")
    .addHelpText(
      "after",
      '\nExamples:\n  t4 push alice/weather ./data ./registry -m "First version"\n  cd copy && t4 push -m "Fixed a typo"\n  HASH=$(t4 push alice/weather ./data ./registry)',
    )
    .action(async (name: string | undefined, directory: string, registry: string | undefined, options: Options) => {
      await push(context, { ...options, name, directory, location: registry ?? options.registry });
    });
};

interface Request extends Options {
  readonly name: string | undefined;
  readonly directory: string;
  readonly location: string | undefined;
}

async function push(context: CliContext, request: Request): Promise<void> {
  const { pkg, before, name, registry } = await open(context, request);
  const diff = before.diff(pkg);
  if (request.quiet !== true) {
    if (request.verbose === true || request.dryRun === true) context.err(changes(diff));
    context.err(`${name} to ${registry ?? "the default registry"}: ${changeSummary(diff)}\n`);
  }
  if (request.dryRun === true) return;
  const line = progressLine(context, request.quiet === true);
  const topHash = await pkg.push(name, registry, {
    message: request.message ?? null,
    force: request.force === true,
    dedupe: request.dedupe === true,
    signal: context.signal,
    onProgress: line.onProgress,
  });
  line.clear();
  await remember(context, pkg, request);
  context.out(`${topHash}\n`);
  if (request.quiet !== true)
    context.err(`Published. Next: t4 log ${name}${registry === undefined ? "" : ` --registry ${registry}`}\n`);
}

/** A directory that cannot be written to is published all the same; it only does not remember. */
async function remember(context: CliContext, pkg: Package, request: Request): Promise<void> {
  try {
    await pkg.remember(request.directory);
  } catch {
    context.err(`note: ${request.directory} cannot be written to, so it does not remember this revision.\n`);
  }
}

async function open(
  context: CliContext,
  request: Request,
): Promise<{ pkg: Package; before: Package; name: string; registry: string | undefined }> {
  const { signal } = context;
  const directory = await Package.openDirectory(request.directory, { signal });
  const name = request.name ?? directory?.name;
  if (name === undefined) {
    throw new T4Error("ERR_T4_USAGE", `${request.directory} was neither installed nor pushed: name the package.`, {
      hint: "t4 push <author>/<package> <directory> <registry>",
    });
  }
  const isSame =
    directory?.name === name &&
    (request.location === undefined || (await openRegistry(request.location)).url === directory.registry);
  if (directory !== undefined && isSame)
    return { pkg: directory.current, before: directory.base, name, registry: directory.registry };
  const before = await browseOrEmpty(name, request.location);
  const pkg = await (await browseOrEmpty(name, request.location)).setDir("", request.directory, {
    mirror: true,
    signal,
  });
  await pkg.hashPending({ signal });
  return { pkg, before, name, registry: request.location };
}

async function browseOrEmpty(name: string, registry: string | undefined): Promise<Package> {
  try {
    return await Package.browse(name, { registry });
  } catch (error) {
    if (isT4Error(error, "ERR_T4_NOT_FOUND")) return new Package();
    throw error;
  }
}
