import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const BIN = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));
const BOUND = 1.3;
const LEAST_ROUNDS = 10;
const MOST_ROUNDS = 150;

// Where it is set, Node 20 reads it at every start, which would hide what a start costs.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

function milliseconds(args: readonly string[]): number {
  const start = performance.now();
  spawnSync(process.execPath, args, { stdio: "ignore", env });
  return performance.now() - start;
}

describe("starting the command", () => {
  // The least of runs in turn: what other programs on the machine do only ever adds. While the bound does not hold,
  // more rounds look for a quiet moment; a start that is too slow stays so in all of them.
  it("takes at most 1.3 times as long as bare Node", { timeout: 90_000 }, () => {
    let bare = Number.POSITIVE_INFINITY;
    let t4 = Number.POSITIVE_INFINITY;
    for (let round = 0; round < LEAST_ROUNDS || (round < MOST_ROUNDS && t4 / bare >= BOUND); round++) {
      bare = Math.min(bare, milliseconds(["-e", "0"]));
      t4 = Math.min(t4, milliseconds([BIN, "--version"]));
    }
    expect(t4 / bare).toBeLessThan(BOUND);
  });
});
