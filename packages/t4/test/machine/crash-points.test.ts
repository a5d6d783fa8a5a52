import { runs } from "testkit/runs.js";
import { describe, expect, it } from "vitest";
import { errorsIn, expectItems, expectNextPushWorks, passing } from "./checks.js";
import { type ChangingCommand, COMMANDS } from "./commands.js";
import { makeScene, type Scene } from "./scene.js";
import { type Call, type Traced, t4, touches, trace, WRITING } from "./strace.js";

/** Of more than so many calls of one kind some are taken, from the first to the last; a campaign takes nearly all. */
const MOST_ALIKE = runs({ quick: 3, full: 60 });
const LEAST_POINTS = 200;

const points = new Map<string, number>();

/** Whether a call changes the state, makes it durable, or tells the caller. */
function isOurs(call: Call, { state }: Scene): boolean {
  if (call.name === "openat" && !call.text.includes("O_CREAT")) return false;
  return touches(call, state) || (call.name === "write" && call.text.startsWith("1<"));
}

/** The n-th calls, by name, of which the first of all threads' changes something: at that one the program is killed. */
function candidates({ calls }: Traced, scene: Scene): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const name of WRITING) {
    const firsts = new Map<number, Call>();
    for (const call of calls) if (call.name === name && !firsts.has(call.nth)) firsts.set(call.nth, call);
    const all = [...firsts].filter(([, call]) => isOurs(call, scene)).map(([nth]) => nth);
    const step = Math.max(1, all.length / MOST_ALIKE);
    const taken = Array.from({ length: Math.ceil(all.length / step) }, (_, i) => all[Math.floor(i * step)] ?? 0);
    if (taken.length > 0) found.set(name, taken);
  }
  return found;
}

/** The call that a killed program did not do any more. */
function fatalCall({ calls }: Traced, rule: { readonly name: string; readonly nth: number }): Call | undefined {
  return calls.find(({ name, nth }) => name === rule.name && nth === rule.nth);
}

async function crashEverywhere(command: ChangingCommand): Promise<number> {
  const scene = await makeScene(command);
  const { state, env, log } = scene;
  const restart = (): void => {
    scene.reset();
    command.prepare?.(scene);
  };
  restart();
  const before = await scene.look();
  const damages = await errorsIn(state);
  const args = command.args(scene, before);
  const undisturbed = await trace(args, { log, env, trace: WRITING });
  expect(undisturbed).toMatchObject({ status: 0 });
  const after = await scene.look();
  expect(after).not.toEqual(before);

  let count = 0;
  for (const [name, nths] of candidates(undisturbed, scene)) {
    for (const nth of nths) {
      restart();
      const killed = await trace(args, { log, env, trace: [name], inject: [`${name}:signal=KILL:when=${nth}`] });
      const fatal = fatalCall(killed, { name, nth });
      if (killed.signal === "SIGKILL" && fatal !== undefined && isOurs(fatal, scene)) count++;
      try {
        const now = await scene.look();
        if (command.isWhole === true) expect([before, after]).toContainEqual(now);
        expectItems(now, { before, after }, command);
        if (command.isWhole === true && killed.stdout !== "") expect(now).toEqual(after);
        expect([...damages, ...passing(command)]).toEqual(expect.arrayContaining(await errorsIn(state)));
        if (command.again !== undefined) {
          const again = await t4(args, env);
          expect(command.again, again.stderr).toContain(again.status);
          expect(await scene.look()).toEqual(after);
          if (command.prepare === undefined) expect(await errorsIn(state)).toEqual(damages);
        }
        await expectNextPushWorks(state);
      } catch (error) {
        throw new Error(`Killed at ${name} ${nth}: ${fatal?.text ?? "somewhere"}`, { cause: error });
      }
    }
  }
  return count;
}

describe("a command that is killed at any call that writes", () => {
  it.concurrent.each(COMMANDS)(
    "$title: readers see before or after, nothing is damaged, the same command works again",
    async (command) => {
      const count = await crashEverywhere(command);
      points.set(command.title, count);
      expect(count).toBeGreaterThan(0);
    },
    900_000,
  );

  it(`is tried at ${LEAST_POINTS} points at least`, () => {
    console.log(points);
    const sum = [...points.values()].reduce((a, b) => a + b, 0);
    expect(sum).toBeGreaterThanOrEqual(LEAST_POINTS);
  });
});
