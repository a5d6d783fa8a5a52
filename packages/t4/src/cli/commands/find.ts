import { find } from "t4";
import type { DefineCommand } from "../command.js";
import { CACHED, LIMIT, tellReading } from "../index-options.js";
import { type CommonOptions, examples, JSON_OUTPUT, QUIET, REGISTRY } from "../options.js";
import { bytes, json, short, table } from "../render.js";
import { shown } from "../shown.js";
import { registryOf } from "../target.js";

interface Options extends CommonOptions {
  readonly cached?: boolean;
  readonly limit: number;
  readonly where?: string;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[pattern]", "names, * stands for anything; default: all")
    .option("--where <condition>", "what must hold of name, message, size, files and metadata.<path>")
    .option(...REGISTRY)
    .option(...LIMIT)
    .option(...CACHED)
    .option(...JSON_OUTPUT)
    .option(...QUIET)
    .addHelpText("after", examples(`t4 find 'alice/*' --where 'metadata.species = "mouse" and size > 1e9'`))
    .action(async (pattern: string | undefined, { cached = false, limit, where, ...options }: Options) => {
      const registry = await registryOf(options.registry);
      const { signal } = context;
      const quiet = options.quiet === true;
      const onUpdate = tellReading(context, quiet);
      const request = { ...(registry && { registry }), ...(where !== undefined && { where }), cached };
      // One more than is shown tells whether there are more.
      const all = await find(pattern, { ...request, limit: limit + 1, onUpdate, signal });
      const found = all.slice(0, limit);
      if (all.length > limit && !quiet) context.err(shown`There are more than ${limit}: --limit shows them.\n`);
      if (options.json === true) context.out(json(found));
      else {
        context.out(await table(found.map(({ name, topHash, size }) => [name, short(topHash), sizeOf(size)])));
        if (found.length === 0 && !quiet) context.err(shown`No package is like that.\n`);
      }
    });
};

function sizeOf(size: number | null): string {
  return size === null ? "-" : bytes(size);
}
