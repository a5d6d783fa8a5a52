import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cost, measure } from "../measure/measure.js";
import type { Contender, Plan, Step } from "./plan.js";
import { removeAll } from "./remove-all.js";
import { readTraffic } from "./traffic.js";

/** What each contender cost in one round, by its name. */
export type Round = Readonly<Record<string, Cost>>;

/** How rounds are run. */
export interface RunOptions {
  readonly rounds: number;
  readonly budgetSeconds: number;
  /** The flow's own directory. */
  readonly scratch: string;
  readonly env: NodeJS.ProcessEnv;
  /** The server of the jobs on S3. */
  readonly endpoint: string;
  readonly onRound: (done: number) => void;
}

const LEAST_ROUNDS = 3;

/**
 * Runs all contenders in turn, round after round, in reverse order every other round: what slows the machine for a
 * while slows all of them.
 */
export function runPlan(plan: Plan, options: RunOptions): Round[] {
  const contenders = plan.contenders.filter((contender) => "command" in contender);
  const runner = createRunner(options);
  for (const { prepare } of contenders) for (const step of prepare) runner.step(step);
  const rounds: Round[] = [];
  const start = performance.now();
  for (let number = 0; number < options.rounds; number++) {
    const isOver = (performance.now() - start) / 1000 > options.budgetSeconds;
    if (isOver && rounds.length >= LEAST_ROUNDS) break;
    const order = number % 2 === 0 ? contenders : [...contenders].reverse();
    rounds.push(Object.fromEntries(order.map((contender) => [contender.name, runner.measure(contender)])));
    options.onRound(rounds.length);
  }
  return rounds;
}

function createRunner({ scratch, env, endpoint }: RunOptions) {
  const prints = join(scratch, "prints");
  mkdirSync(prints);
  let edits = 0;
  let topHash: { readonly name: string; readonly answer: string } | undefined;

  function step(todo: Step): void {
    if ("remove" in todo) removeAll(todo.remove);
    else if ("makeDirectory" in todo) mkdirSync(todo.makeDirectory, { recursive: true });
    else if ("edit" in todo) writeFileSync(todo.edit, `edit ${++edits} of this file\n`);
    else measure({ command: todo.run, cwd: scratch, env, scratch: prints });
  }

  function measured({ name, before, command, usesS3, printsTopHash }: Contender): Cost {
    for (const todo of before) step(todo);
    const traffic = usesS3 ? readTraffic(endpoint) : undefined;
    const { answer, ...cost } = measure({ command, cwd: scratch, env, scratch: prints });
    if (printsTopHash) {
      topHash ??= { name, answer };
      if (topHash.answer !== answer) {
        throw new Error(`Top hashes differ: ${topHash.answer} of ${topHash.name}, ${answer} of ${name}.`);
      }
    }
    return { ...cost, ...traffic?.() };
  }

  return { step, measure: measured };
}
