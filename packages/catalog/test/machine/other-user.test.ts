import { execFile, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { push, temporaryHome } from "../fixture.js";

const BIN = new URL("../../../t4/dist/bin.cjs", import.meta.url).pathname;
/** Debian's `nobody`. */
const OTHER = 65_534;

const home = temporaryHome();
const run = promisify(execFile);

/** All that a user may read of other users' processes, and what the server says without the secret. */
const LOOK = `
for pid in $(ls /proc | grep -E '^[0-9]+$'); do
  tr '\\0' ' ' < /proc/$pid/cmdline; echo
  cat /proc/$pid/environ
done 2>/dev/null
cat "$1" 2>&1
for path in / /api/v1/registries /api/v1/r/x/packages; do
  "$3" -e 'fetch(process.argv[1]).then(async (r) => console.log("ANSWER", r.status, await r.text()))' "$2$path"
done
`;

it("another user of the machine finds no way into a catalog that opened a browser", async () => {
  const registry = join(home, "registry");
  await push({ registry, name: "alice/secret-name" }, { "a.txt": "a" });
  const bin = join(home, "bin");
  mkdirSync(bin);
  // A browser that stays: what it was started with is there to be read.
  writeFileSync(join(bin, "xdg-open"), `#!/bin/sh\necho "$@" > '${home}/given'\nexec sleep 60\n`);
  chmodSync(join(bin, "xdg-open"), 0o755);
  // Whoever is kept out by the directories alone would prove nothing of the file.
  chmodSync(home, 0o755);
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"]}` };
  const child = spawn(process.execPath, [BIN, "catalog", registry], { env, stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    const [printed] = (await new Promise((resolve) => child.stdout.once("data", (...all) => resolve(all)))) as [Buffer];
    const { origin, hash } = new URL(String(printed).trim());
    const token = new URLSearchParams(hash.slice(1)).get("token") as string;
    while (!existsSync(join(home, "given"))) await setTimeout(10);
    const file = readFileSync(join(home, "given"), "utf8").trim();
    expect(readFileSync(file, "utf8")).toContain(token);
    for (const directory of [join(home, "data"), join(file, "../.."), join(file, "..")]) chmodSync(directory, 0o755);
    const as = { uid: OTHER, gid: OTHER, maxBuffer: 64 << 20, env: { PATH: process.env["PATH"] } };
    const { stdout } = await run("sh", ["-c", LOOK, "look", file, origin, process.execPath], as);
    expect(stdout).toContain(`${BIN} catalog`);
    expect(stdout).toContain(file);
    expect(stdout).toMatch(/Permission denied/);
    expect(stdout.match(/ANSWER \d+/g)).toEqual(["ANSWER 200", "ANSWER 401", "ANSWER 401"]);
    expect(stdout).not.toContain(token);
    expect(stdout).not.toContain("secret-name");
  } finally {
    child.kill("SIGINT");
    await ended;
  }
});
