import { isCampaign, runs } from "testkit/runs.js";
import { describe, expect, it } from "vitest";
import { errorsIn, expectItems, type Looks } from "./checks.js";
import { type ChangingCommand, COMMANDS } from "./commands.js";
import { type Look, makeScene, type Scene } from "./scene.js";
import { type Call, type Ended, t4, touches, trace, WRITING } from "./strace.js";

const READING = ["read", "pread64", "getdents64", "statx", "newfstatat", "readlink"];
const CALLS = [...WRITING, ...READING].filter((name) => !["ioctl", "copy_file_range"].includes(name));
const CODES = ["ENOSPC", "EIO", "EDQUOT", "EROFS", "EMFILE", "EINTR"];
/** Of more than so many calls of one kind some are taken, from the first to the last; a campaign takes all. */
const MOST_ALIKE = runs({ quick: 4, full: 1000 });
/** Exit codes that say what became of it: an error, listed later, unknown. */
const [FAILED, PARTIAL, UNKNOWN] = [1, 3, 10];

interface Injection {
  readonly name: string;
  readonly nth: number;
  readonly code: string;
}

/** Calls that touch the state in each thread that has so many fail: in a campaign with each error, else with one in turn. */
function injections(calls: readonly Call[], scene: Scene): Injection[] {
  return CALLS.flatMap((name) => {
    const named = calls.filter((call) => call.name === name);
    const others = new Set(named.filter((call) => !touches(call, scene.state)).map(({ nth }) => nth));
    const all = [...new Set(named.map(({ nth }) => nth))].filter((nth) => !others.has(nth)).sort((a, b) => a - b);
    const step = Math.max(1, Math.ceil(all.length / MOST_ALIKE));
    return all
      .filter((_, i) => i % step === 0)
      .flatMap((nth, i) =>
        CODES.filter((_code, which) => isCampaign || which === (i + CALLS.indexOf(name)) % CODES.length).map(
          (code) => ({
            name,
            nth,
            code,
          }),
        ),
      );
  });
}

/** What is printed of a failure: what it was and what to do, and nothing of the program's inside. */
function expectClear({ stderr, stdout }: Ended): void {
  expect(stderr).toMatch(/^error: .+\nhint: .+\n$/);
  expect(stderr).not.toMatch(/\n {4}at |node:|undefined/);
  expect(stdout).toBe("");
}

function expectHonest(ended: Ended, now: Look, looks: Looks): void {
  if (ended.status === 0) {
    expect(now).toEqual(looks.after);
    return;
  }
  expectClear(ended);
  expect([FAILED, PARTIAL, UNKNOWN]).toContain(ended.status);
  expectItems(now, looks);
}

/** A command that publishes says with its exit code whether it did. */
function expectPublished({ status }: Ended, now: Look, looks: Looks): void {
  expect(now).toEqual(status === FAILED ? looks.before : looks.after);
}

async function failEverywhere(command: ChangingCommand): Promise<void> {
  const scene = await makeScene(command);
  const { env, state, log } = scene;
  const before = await scene.look();
  const args = command.args(scene, before);
  const undisturbed = await trace(args, { log, env, trace: CALLS });
  expect(undisturbed).toMatchObject({ status: 0 });
  const after = await scene.look();
  let failures = 0;
  for (const { name, nth, code } of injections(undisturbed.calls, scene)) {
    scene.reset();
    const failed = await trace(args, { log, env, trace: [name], inject: [`${name}:error=${code}:when=${nth}`] });
    const injected = failed.calls.filter(({ text }) => text.includes("(INJECTED)"));
    // Each thread counts for itself: what hit Node's own files says nothing about us.
    if (injected.length === 0 || !injected.every((call) => touches(call, scene.state))) continue;
    failures++;
    try {
      const now = await scene.look();
      expectHonest(failed, now, { before, after });
      if (command.isWhole === true) expectPublished(failed, now, { before, after });
      const again = await t4(args, env);
      expect(again).toMatchObject({ status: 0 });
      // A build that was done is another one when it is done again.
      if (command.again !== undefined || failed.status === FAILED) expect(await scene.look()).toEqual(after);
      expect(await errorsIn(state)).toEqual([]);
    } catch (error) {
      const where = injected.map(({ text }) => text).join("; ");
      throw new Error(`${code} at ${name} ${nth}: ${where}\n${failed.status} ${failed.stderr}`, { cause: error });
    }
  }
  console.log(`${command.title}: ${failures} failing calls`);
  expect(failures).toBeGreaterThan(20);
}

describe("a command of which one system call fails", () => {
  it.concurrent.each(COMMANDS.filter(({ title }) => /^(?:push|build|install)/.test(title)))(
    "$title: says what to do, leaves the old files, and the next try finishes",
    failEverywhere,
    900_000,
  );
});
