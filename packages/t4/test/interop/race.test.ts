import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { openRegistry } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";
import { startClient } from "./client.js";
import { theirPackage } from "./contents.js";
import { collect } from "./registry.js";
import { writeFiles } from "./samples.js";

const ACTOR = fileURLToPath(new URL("../process/actor.js", import.meta.url));
const NAME = "race/data";
/** What Quilt 3 waits between its builds, seconds: bursts, a steady second for long, and short rests. */
const PAUSES = [0, 0, 2, 0.3, 0, 0, ...Array.from({ length: 12 }, () => 1), 0.5, 0.5, 0.5, 0.1, 0.1, 3, 0];
/** So many of ours come through meanwhile at least. */
const FEWEST = 5;
/** How long Quilt 3 may take for what it does unconditionally; what follows from a longer stall is said in SECURITY.md. */
const STALL_SECONDS = 2;

/** Pushes as fast as it can until it is told to stop; resolves to what it was told is published. */
function startWriter(registry: string): { stop(): Promise<string[]> } {
  const child = spawn(process.execPath, [ACTOR, "push", registry, NAME, "ours"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  return {
    async stop() {
      child.kill("SIGTERM");
      await closed;
      return output.split("\n").slice(0, -1);
    },
  };
}

const quilt3 = startClient("quilt3");
afterAll(() => quilt3.close());

it("every push that we acknowledged beside Quilt 3 is in the history, also in theirs", {
  timeout: 120_000,
}, async () => {
  for (let round = 0; ; round++) {
    const root = temporaryDirectory();
    const registry = join(root, "registry");
    const { who = "" } = writeFiles(join(root, "source"), { who: "theirs" });
    // From the first on, so that our writer knows of the other.
    await quilt3.call("push", { registry, name: NAME, ...theirPackage({ files: { who } }) });
    const writer = startWriter(registry);
    const request = { registry, name: NAME, path: who, pauses: PAUSES };
    const theirs = await quilt3.call<{ longestSeconds: number }>("race", request);
    const acknowledged = await writer.stop();
    console.log("ACK", acknowledged.length, theirs);
    // A round in which Quilt 3 stalled proves nothing: it is run again.
    if (theirs.longestSeconds >= STALL_SECONDS && round < 5) continue;
    expect(theirs.longestSeconds).toBeLessThan(STALL_SECONDS);

    expect(acknowledged.length).toBeGreaterThanOrEqual(FEWEST);
    const history: string[] = (await collect((await openRegistry(registry)).log(NAME))).map(({ topHash }) => topHash);
    expect(acknowledged.filter((topHash) => !history.includes(topHash))).toEqual([]);
    const versions = await quilt3.call<[string, string][]>("versions", { registry, name: NAME });
    const theirHistory = versions.filter(([pointer]) => pointer !== "latest").sort(([a], [b]) => (a < b ? 1 : -1));
    expect(theirHistory.map(([, topHash]) => topHash)).toEqual(history);
    return;
  }
});
