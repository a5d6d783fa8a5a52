import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { BIN, type Result } from "./scratch.js";

/** Where the command runs, with which variables. */
export interface Place {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs the built command beside this process, which may be the server that it asks. */
export async function runBeside({ root, env }: Place, args: readonly string[], at = "."): Promise<Result> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: join(root, at),
    env: { PATH: process.env["PATH"], ...env },
  });
  const read = async (stream: AsyncIterable<Buffer>): Promise<string> => {
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [code, out, err] = await Promise.all([ended, read(child.stdout), read(child.stderr)]);
  return { code, out, err };
}

/** A journey, and who wants to know when its push that changes nothing begins and ends. */
export interface Journey extends Place {
  readonly registry: string;
  /** Whether the server lets be created again what was deleted. Default `true`. */
  readonly canRecreate?: boolean;
  readonly onUnchanged?: (when: "begins" | "ended") => void;
}

/** Publishes, lists, reads, installs, changes, goes back and tidies up, as with a folder. */
export async function bucketJourney(journey: Journey): Promise<void> {
  const { root, registry, onUnchanged, canRecreate = true } = journey;
  const R = ["--registry", registry];
  const t4 = (args: readonly string[], at?: string): Promise<Result> => runBeside(journey, args, at);
  const ok = async (args: readonly string[], at?: string): Promise<string> => {
    const { code, out, err } = await t4(args, at);
    if (code !== 0) throw new Error(`t4 ${args.join(" ")} ended with ${code}: ${err}`);
    return out;
  };
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write("data/a.txt", "one\n");
  write("data/sub/b.csv", "x,y\n");
  const first = (await ok(["push", "alice/w", "data", registry, "-m", "First"])).trim();
  expect(await ok(["list", registry])).toBe("alice/w\n");
  expect(await ok(["ls", "alice/w", ...R])).toContain("a.txt");
  expect(await ok(["cat", "alice/w/sub/b.csv", ...R])).toBe("x,y\n");
  expect(await ok(["show", "alice/w", ...R])).toContain(first);

  await ok(["install", "alice/w", ...R, "--dest", "copy"]);
  expect(readFileSync(join(root, "copy/a.txt"), "utf8")).toBe("one\n");
  expect(await ok(["status"], "copy")).toContain("Nothing changed");
  write("copy/a.txt", "two\n");
  const second = (await ok(["push", "-m", "Second"], "copy")).trim();
  onUnchanged?.("begins");
  const again = await t4(["push", "-m", "Second", "--dedupe"], "copy");
  expect(again).toMatchObject({ code: 0, out: `${second}\n`, err: expect.stringContaining("nothing was published") });
  onUnchanged?.("ended");

  // Another directory stands on the first revision: that is a conflict, and nobody's revision goes.
  write("data/a.txt", "mine\n");
  expect(await t4(["push", "-m", "Mine"], "data")).toMatchObject({ code: 5 });
  expect(await ok(["log", "alice/w", ...R])).toMatch(new RegExp(`^${second.slice(0, 12)}.*\n${first.slice(0, 12)}`));

  await ok(["tag", "alice/w", "v1", ...R]);
  await ok(["rollback", "alice/w@latest~1", ...R]);
  expect(await ok(["cat", "alice/w/a.txt", ...R])).toBe("one\n");
  await ok(["undo", "alice/w", ...R]);
  expect(await ok(["cat", "alice/w:v1/a.txt", ...R])).toBe("two\n");
  if (canRecreate) {
    await ok(["rm", "alice/w", "--yes", ...R]);
    expect(await ok(["list", registry])).toBe("");
    await ok(["undo", "alice/w", ...R]);
    expect(await ok(["list", registry])).toBe("alice/w\n");
  }

  const { url } = JSON.parse(await ok(["presign", "alice/w/a.txt", "--expires-in", "60", "--json", ...R])) as {
    url: string;
  };
  expect(await (await fetch(url)).text()).toBe("two\n");

  expect(await ok(["copy", "alice/w", registry, "folder", "--history"])).toBe(`${second}\n`);
  expect(await ok(["cat", "alice/w@latest~1/a.txt", "--registry", "folder"])).toBe("one\n");
  expect(await ok(["cat", "alice/w/a.txt", "--registry", "folder"])).toBe("two\n");
  await ok(["verify", "copy", "alice/w", ...R]);
  expect((await t4(["fsck", registry])).code).toBe(0);
  expect((await t4(["gc", registry])).code).toBe(0);
}
