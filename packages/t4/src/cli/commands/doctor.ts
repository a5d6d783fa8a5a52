import { inspectRegistry, pathOrUrl, type RegistryCheck, registryPolicy, T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import type { Paint, Style } from "../context.js";
import { type CommonOptions, examples, JSON_OUTPUT, REGISTRY } from "../options.js";
import { json } from "../render.js";
import { joined, type Shown, shown } from "../shown.js";
import { registryOf } from "../target.js";

interface Options extends CommonOptions {
  readonly policy?: boolean;
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("[registry]", REGISTRY[1])
    .option("--policy", "print the bucket policy that makes clients fail which cannot publish safely")
    .option(...JSON_OUTPUT)
    .addHelpText("after", examples("t4 doctor ./registry", "t4 doctor ./registry --json"))
    .action(async (location: string | undefined, { policy, json: isJson }: Options) => {
      const place = await registryOf(location);
      if (policy === true) {
        context.out(json(await registryPolicy(place)));
        return;
      }
      const inspection = await inspectRegistry(place);
      const { url, checks } = inspection;
      context.out(isJson === true ? json(inspection) : lines(checks, context.paintOut));
      const bad = checks.find(({ state }) => state === "bad");
      if (bad === undefined) return;
      throw new T4Error("ERR_T4_UNSUPPORTED", `${pathOrUrl(url)} lacks what pushes need.`, {
        hint: "The lines above say what, and what to do.",
      });
    });
};

const STYLES: Readonly<Record<RegistryCheck["state"], Style>> = { ok: "green", limited: "yellow", bad: "red" };

/** One line for each side of the registry. */
function lines(checks: readonly RegistryCheck[], paint: Paint): Shown {
  return joined(
    checks.map(
      ({ state, subject, message }) =>
        shown`${paint(STYLES[state], state.padEnd(7))}  ${subject.padEnd(10)}  ${message}\n`,
    ),
  );
}
