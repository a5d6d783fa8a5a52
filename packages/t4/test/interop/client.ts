import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const DRIVER = fileURLToPath(new URL("./driver.py", import.meta.url));

/** A real client that `scripts/install-peers.sh` installs, by the name of its environment. */
export type ClientName = "quilt3" | "t4-2019";

/** A real client, which runs in a Python process of its own. */
export interface Client {
  readonly name: ClientName;
  /** Runs one of the driver's operations; rejects with the client's own error. */
  call<Result>(operation: string, given: Readonly<Record<string, unknown>>): Promise<Result>;
  /** Ends the process and removes its home. */
  close(): Promise<void>;
}

/** A package as a client has it. */
export interface ClientPackage {
  readonly topHash: string;
  /** What it would write. */
  readonly manifest: string;
}

interface Reply {
  readonly result?: unknown;
  readonly error?: string;
}

/**
 * A real client with an empty home directory, and `more` in its environment; its process starts with the first call.
 *
 * @throws Error when it is not installed: a test never leaves one out in silence.
 */
export function startClient(name: ClientName, more: Readonly<Record<string, string>> = {}): Client {
  const python = join(process.env["T4_PEERS"] ?? "", name, "bin/python");
  if (process.env["T4_PEERS"] === undefined || !existsSync(python))
    throw new Error(`The client ${name} is not installed; .ci/interop.sh installs both and runs these tests.`);
  let driver: Driver | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    name,
    async call<Result>(operation: string, given: Readonly<Record<string, unknown>>) {
      driver ??= startDriver(python, [name === "quilt3" ? "quilt3" : "t4", more]);
      const { child, replies } = driver;
      const asked = turn.then(async () => {
        child.stdin?.write(`${JSON.stringify([operation, given])}\n`);
        const { value } = await replies.next();
        if (value === undefined) throw new Error(`${name} ended during ${operation}.`);
        const { result, error } = JSON.parse(value as string) as Reply;
        if (error !== undefined) throw new Error(`${name}: ${operation}: ${error}`);
        return result as Result;
      });
      turn = asked.catch(() => undefined);
      return asked;
    },
    async close() {
      if (driver === undefined) return;
      await ended(driver.child);
      rmSync(driver.home, { recursive: true });
    },
  };
}

interface Driver {
  readonly child: ChildProcess;
  readonly replies: AsyncIterator<string>;
  readonly home: string;
}

function startDriver(python: string, [module, more]: readonly [string, Readonly<Record<string, string>>]): Driver {
  const home = mkdtempSync(join(tmpdir(), "t4-home-"));
  const child = spawn(python, ["-X", "utf8", DRIVER, module], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      ...more,
      PATH: process.env["PATH"],
      HOME: home,
      QUILT_DISABLE_USAGE_METRICS: "true",
      QUILT_MINIMIZE_STDOUT: "true",
    },
  });
  return { child, replies: createInterface({ input: child.stdout })[Symbol.asyncIterator](), home };
}

/** Waits for the next second: both clients name a revision by the second, and overwrite what has that name. */
export async function nextSecond(): Promise<void> {
  await setTimeout(1001 - (Date.now() % 1000));
}

function ended(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  return new Promise((resolve) => child.once("close", () => resolve()));
}
