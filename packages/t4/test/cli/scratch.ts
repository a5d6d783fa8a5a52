import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

/** The built command. */
export const BIN: string = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url));

/** What a run of the command gave. */
export interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A directory of its own with an empty home, in which the built command runs as a process of its own. */
export class Scratch {
  readonly cwd: string = temporaryDirectory();
  readonly env: NodeJS.ProcessEnv;

  constructor() {
    this.env = { PATH: process.env["PATH"], HOME: join(this.cwd, "home") };
    mkdirSync(join(this.cwd, "home"));
  }

  path(...parts: readonly string[]): string {
    return join(this.cwd, ...parts);
  }

  write(path: string, text: string | Uint8Array): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  t4(args: readonly string[], at = "."): Result {
    return this.#spawn(process.execPath, [BIN, ...args], at);
  }

  /** Runs the command, which must end well; its data. */
  ok(args: readonly string[], at?: string): string {
    const result = this.t4(args, at);
    if (result.code !== 0) throw new Error(`t4 ${args.join(" ")} ended with ${result.code}: ${result.err}`);
    return result.out;
  }

  /** Runs a line as a user would type it. */
  shell(line: string, at = "."): Result {
    return this.#spawn("bash", ["-c", `t4() { "${process.execPath}" "${BIN}" "$@"; }\n${line}`], at);
  }

  /** Publishes a directory without a process, which takes a hundredth of the time. */
  async publish(directory: string, registry: string, message: string): Promise<string> {
    const pkg = await new Package().setDir("", this.path(directory));
    const topHash = await pkg.push("alice/weather", this.path(registry), { message });
    await pkg.remember(this.path(directory));
    return topHash;
  }

  #spawn(command: string, args: readonly string[], at: string): Result {
    const options = { cwd: this.path(at), env: this.env, encoding: "utf8", timeout: 60_000 } as const;
    const { status, stdout, stderr } = spawnSync(command, args, options);
    return { code: status, out: stdout, err: stderr };
  }
}
