import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { COMMANDS } from "#t4/cli/command-table.js";
import { EXIT_CODES, Package } from "#t4/index.js";
import { BIN, type Result, Scratch } from "./scratch.js";
import { Terminal } from "./terminal.js";

/** Lines that the command shows, run as they are. */
describe("what is suggested next works as it is", () => {
  let scratch: Scratch;

  beforeEach(() => {
    scratch = new Scratch();
    scratch.write("my data/a.txt", "a");
  });

  /** Runs a line, then the one that it suggests. */
  const follow = (line: string, at?: string): Result => {
    const first = scratch.shell(line, at);
    const next = /^Next: (.*)$/m.exec(first.err)?.[1];
    expect(next, `${line}\n${first.err}`).toBeDefined();
    const second = scratch.shell(next ?? "", at);
    expect(second, `${next}\n${second.err}`).toMatchObject({ code: 0 });
    return second;
  };

  it("after build, into the own and into another registry", () => {
    expect(follow("t4 build alice/a 'my data' -m One").out).toContain("One");
    expect(follow("t4 build alice/a 'my data' -m Two --registry \"it's here\"").out).toContain("Two");
  });

  it("after push, to a registry that is named and in the directory", () => {
    expect(follow("t4 push alice/a 'my data' \"it's here\" -m One").out).toContain("One");
    expect(follow("t4 push -m Two", "my data").out).toContain("Two");
    expect(follow("t4 push alice/a 'my data' -m Again").out).toContain("Again");
    expect(follow("t4 push alice/b 'my data' -m Three").out).toContain("Three");
  });

  it("after install and status", () => {
    scratch.ok(["push", "alice/a", "my data", "it's here"]);
    expect(follow("t4 install alice/a --registry \"it's here\" --dest 'my copy'").out).toContain("Nothing changed");
    scratch.write("my copy/b.txt", "b");
    expect(follow("t4 status 'my copy'").out).toMatch(/^[0-9a-f]{64}\n$/);
    expect(follow("t4 install", "my copy").out).toContain("Nothing changed");
  });

  it("after install to the configured place", () => {
    scratch.ok(["push", "alice/a", "my data", "local"]);
    expect(follow("t4 install alice/a").out).toContain("Nothing changed");
  });

  it("after copy", () => {
    scratch.ok(["push", "alice/a", "my data", "it's here", "-m", "One"]);
    expect(follow("t4 copy alice/a \"it's here\" 'my second'").out).toContain("One");
  });

  it("and so do the lines that say how to take something back", () => {
    scratch.ok(["push", "alice/a", "my data", "it's here", "-m", "One"]);
    scratch.ok(["push", "alice/a", "my data", "it's here", "-m", "Two"]);
    for (const line of ["t4 rollback alice/a@latest~1", "t4 rm alice/a@latest~1 --yes", "t4 rm alice/a --yes"]) {
      const { err } = scratch.shell(`${line} --registry "it's here"`);
      const undo = /(t4 undo .*?) (?:takes|brings)/.exec(err)?.[1] ?? `none in: ${err}`;
      expect(scratch.shell(undo)).toMatchObject({ code: 0 });
    }
    const rows = JSON.parse(scratch.ok(["log", "alice/a", "--registry", "it's here", "--json"])) as unknown[];
    expect(rows).toHaveLength(2);
  });
});

describe("the examples of a verb's help", () => {
  const prepared = async (): Promise<Scratch> => {
    const scratch = new Scratch();
    scratch.write("data/2024/jan.csv", "city,celsius\nOslo,-3\n");
    scratch.write("data/readme.md", "notes\n");
    scratch.write("mnt/keep", "");
    for (const message of ["First", "Second"]) await scratch.publish("data", "registry", message);
    await Package.install("alice/weather", { registry: scratch.path("registry"), dest: scratch.path("copy") });
    return scratch;
  };

  /** The copy and the latest revision have other contents of the same files. */
  const conflicted = async (scratch: Scratch): Promise<void> => {
    for (const name of ["2024/jan.csv", "readme.md"]) {
      scratch.write(`copy/${name}`, "mine\n");
      scratch.write(`data/${name}`, "theirs\n");
    }
    await scratch.publish("data", "registry", "Third");
    const place = { registry: scratch.path("registry"), dest: scratch.path("copy") };
    await Package.install("alice/weather", { ...place, onReport: () => undefined });
  };

  /** Verbs whose examples are about what a lock file pins. */
  const PINNED = new Set(["install", "outdated", "update", "verify", "types"]);

  /** The catalog runs until it is told to end; nothing here opens a browser. */
  const untilCtrlC = (line: string): string => {
    const command = line.replace(/^t4/, `"${process.execPath}" "${BIN}"`).replace(/(?: --no-open)?$/, " --no-open");
    return `${command} > out & pid=$!\nuntil grep -q token= out; do kill -0 $pid; sleep 0.05; done\nkill -INT $pid\nwait $pid`;
  };

  /** Has the registry in a bucket, too, which another process serves: this one waits for commands. */
  const inBucket = async (scratch: Scratch): Promise<void> => {
    const script = fileURLToPath(new URL("../../../../scripts/serve-s3.js", import.meta.url));
    const server = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"] });
    onTestFinished(() => void server.stdin.end());
    const [url] = (await once(createInterface(server.stdout), "line")) as [string];
    Object.assign(scratch.env, {
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: TEST_ACCOUNT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: TEST_ACCOUNT.secretAccessKey,
    });
    scratch.ok(["copy", "alice/weather", "registry", "s3://lab-data"]);
    scratch.ok(["install", "alice/weather", "--registry", "s3://lab-data", "--dest", "copy"]);
  };

  it.each(Object.keys(COMMANDS))("of %s run", async (verb) => {
    const terminal = new Terminal();
    await terminal.run(verb, "--help");
    const [, lines = ""] = terminal.out.split(/^Examples?:$/m);
    const examples = lines.split("\n").flatMap((line) => line.trim() || []);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const scratch = await prepared();
      if (verb === "resolve") await conflicted(scratch);
      if (verb === "presign") await inBucket(scratch);
      if (PINNED.has(verb)) {
        scratch.ok(["add", "alice/weather", "--registry", "registry", "--dest", "pinned"]);
        scratch.ok(["install", "--locked"]);
      }
      const line =
        verb === "catalog"
          ? untilCtrlC(example)
          : // Nobody may write below /mnt here.
            example.replaceAll("/mnt/", `${scratch.path("mnt")}/`);
      const result = scratch.shell(`set -e\n${line}`);
      expect(result, `${example}\n${result.err}`).toMatchObject({ code: 0 });
    }
  });
});

describe("the guide", () => {
  it("names every exit code", () => {
    const guide = fileURLToPath(new URL("../../../../docs/guide/command-line.md", import.meta.url));
    const rows = Array.from(readFileSync(guide, "utf8").matchAll(/^\| (\d+) \|/gm), ([, code]) => Number(code));
    expect(rows).toEqual([0, ...new Set(Object.values(EXIT_CODES)), 130]);
  });
});
