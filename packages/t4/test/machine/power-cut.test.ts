import type { SimDisk } from "testkit/file-system/sim-disk.js";
import { type Random, seededRandom } from "testkit/random.js";
import { runs } from "testkit/runs.js";
import { describe, expect, it } from "vitest";
import { errorsIn, expectItems, expectNextPushWorks, type Looks, passing } from "./checks.js";
import { type ChangingCommand, COMMANDS } from "./commands.js";
import { type DiskCall, diskCalls, dumpDisk, loadDisk } from "./replay.js";
import { type Look, makeScene } from "./scene.js";
import { t4, trace, WRITING } from "./strace.js";

/** Power cuts of each command. */
const CUTS = runs({ quick: 20, full: 1500 });
/** After every so manieth the same command is run again. */
const AGAIN_EVERY = 5;
/** What is written at once is at most so long. */
const STRING_BYTES = 1 << 20;

/** The disk after the first `count` calls and a power cut. */
function cutAfter(
  count: number,
  run: { readonly start: () => SimDisk; readonly calls: readonly DiskCall[]; readonly random: Random },
): SimDisk {
  const disk = run.start();
  for (const call of run.calls.slice(0, count)) call(disk);
  return disk.powerCut(run.random);
}

/** A file that is being installed may have no name for the while. What a command has said to be done, lasts. */
function expectLasting(
  now: Look,
  looks: Looks,
  { isDone, isGradual }: { readonly isDone: boolean; readonly isGradual: boolean | undefined },
): void {
  const { after } = looks;
  const isInstalled = (key: string): boolean => /^(?:dest|copy)\//.test(key);
  expectItems(now, isDone ? { before: after, after } : looks, {
    isGradual,
    allowed: (key) => (isInstalled(key) && !isDone ? [undefined] : key === "garbage" ? [looks.before[key]] : []),
  });
}

async function cutEverywhere(command: ChangingCommand): Promise<void> {
  const scene = await makeScene();
  const { env, state, log } = scene;
  command.prepare?.(scene);
  const before = await scene.look();
  const damages = await errorsIn(state);
  const start = (): SimDisk => loadDisk(state);
  const pristine = start();
  const args = command.args(scene, before);
  const traced = await trace(args, { log, env, trace: WRITING, stringBytes: STRING_BYTES });
  expect(traced).toMatchObject({ status: 0 });
  const after = await scene.look();
  const calls = diskCalls(traced.calls, state);
  dumpDisk(pristine, state);
  // Replayed without a power cut, the calls lead to what really came of them.
  const whole = start();
  for (const call of calls) call(whole);
  dumpDisk(whole, state);
  expect(await scene.look()).toEqual(after);

  for (let seed = 1; seed <= CUTS; seed++) {
    const random = seededRandom(seed);
    dumpDisk(pristine, state);
    const count = seed % 10 === 0 ? calls.length : random.below(calls.length + 1);
    dumpDisk(cutAfter(count, { start, calls, random }), state);
    try {
      expectLasting(
        await scene.look(),
        { before, after },
        { isDone: count === calls.length, isGradual: command.isGradual },
      );
      expect([...damages, ...passing(command)]).toEqual(expect.arrayContaining(await errorsIn(state)));
      if (command.again !== undefined && seed % AGAIN_EVERY === 0) {
        const again = await t4(args, env);
        expect(command.again, again.stderr).toContain(again.status);
        expect(await scene.look()).toEqual(after);
      }
      await expectNextPushWorks(state);
    } catch (error) {
      throw new Error(`Power cut after ${count} of ${calls.length} calls, seed ${seed}`, { cause: error });
    }
  }
}

describe("a command whose machine loses power", () => {
  it.concurrent.each(COMMANDS.filter(({ isLarge }) => isLarge !== true))(
    "$title: nothing acknowledged is damaged or gone, the same command works again",
    cutEverywhere,
    900_000,
  );
});
