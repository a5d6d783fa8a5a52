import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openLock, Package } from "#t4/index.js";
import { currentProcess } from "#t4/store/file/holder.js";
import { takeFile, waitForFile } from "#t4/store/file/own-file.js";
import { sealRecord } from "#t4/store/sealed-record.js";
import { temporaryDirectory } from "../temporary.js";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
const DEAD = sealRecord({ ...currentProcess(), pid: 2 ** 22 + 1, start: "1" });

/** Runs code in processes of their own, from GO on at one moment; all live until all are done. Gives what each printed. */
async function together(codes: readonly string[]): Promise<string[]> {
  const children = codes.map((code): ChildProcess => {
    const tell = (what: string): string =>
      `process.send("${what}"); await new Promise((go) => process.once("message", go));`;
    const whole = `${code.replace("GO", tell("ready"))}; ${tell("done")} process.disconnect();`;
    return spawn(process.execPath, ["--input-type=module", "-e", whole], {
      cwd: PACKAGE,
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
  });
  const printed = children.map((child) => text(child.stdout as NodeJS.ReadableStream));
  for (const _ of ["ready", "done"]) {
    await Promise.all(children.map((child) => once(child, "message")));
    for (const child of children) child.send("go");
  }
  return Promise.all(printed);
}

describe("a file that one process has", () => {
  it("is of one, though many find it dead at one moment", async () => {
    const directory = temporaryDirectory();
    const names = Array.from({ length: 300 }, (_, i) => String(i));
    for (const name of names) writeFileSync(join(directory, name), DEAD);
    const code = `import { takeFile } from "#t4/store/file/own-file.js";
      GO
      for (const name of ${JSON.stringify(names)})
        if (takeFile(${JSON.stringify(`${directory}/`)} + name) !== undefined) console.log(name);`;
    const taken = (await together([code, code, code])).flatMap((lines) => lines.split("\n").filter(Boolean));
    expect(taken.toSorted()).toEqual([...new Set(taken)].toSorted());
    for (const name of names) if (!taken.includes(name)) expect(takeFile(join(directory, name)), name).toBeDefined();
    expect(readdirSync(directory).filter((name) => name.endsWith(".dead"))).toEqual([]);
  });

  it("is not taken from one that lives, of another machine, or of whom nobody knows", () => {
    const path = join(temporaryDirectory(), "own");
    for (const record of [
      sealRecord(currentProcess()),
      sealRecord({ ...currentProcess(), host: "elsewhere", pid: 1, start: "1" }),
      Buffer.alloc(0),
    ]) {
      writeFileSync(path, record);
      expect(takeFile(path)).toBeUndefined();
    }
    writeFileSync(path, DEAD);
    // Somebody else looks at it.
    writeFileSync(`${path}.dead`, "");
    expect(takeFile(path)).toBeUndefined();
  });

  it.skipIf(process.platform === "win32")("is no pipe that would be waited for", () => {
    const path = join(temporaryDirectory(), "f");
    execFileSync("mkfifo", [path]);
    expect(() => takeFile(path)).toThrow(expect.objectContaining({ code: "ERR_T4_INTEGRITY" }));
  });

  it("is waited for", async () => {
    const path = join(temporaryDirectory(), "own");
    const first = await waitForFile(path);
    let isSecond = false;
    const second = waitForFile(path).then((own) => {
      isSecond = true;
      return own;
    });
    expect(takeFile(path)).toBeUndefined();
    expect(isSecond).toBe(false);
    first.release();
    (await second).release();
    expect(existsSync(path)).toBe(false);
  });
});

describe("several commands that change one lock file at one instant", () => {
  it("lose no pin, also where one was killed before", async () => {
    const project = temporaryDirectory();
    const registry = join(project, "registry");
    mkdirSync(join(project, "home"));
    const names = Array.from({ length: 12 }, (_, i) => `alice/p${String(i).padStart(2, "0")}`);
    for (const name of names) await new Package().push(name, registry, { message: "x" });
    writeFileSync(join(project, "t4.lock.busy"), DEAD);
    const code = (from: number): string => `import { openLock } from "#t4/index.js";
      const lock = await openLock(${JSON.stringify(project)});
      GO
      await Promise.all(${JSON.stringify(names.slice(from, from + 4))}.map((name) => lock.add(name, { registry: ${JSON.stringify(registry)} })));`;
    await together([code(0), code(4), code(8)]);
    expect((await (await openLock(project)).pins()).map(({ name }) => name)).toEqual(names);
    expect(readdirSync(project).filter((name) => name.startsWith("t4.lock"))).toEqual(["t4.lock"]);
  });
});
