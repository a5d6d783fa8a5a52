import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SNIPPETS, type SnippetTarget } from "../web/components/snippets.js";

const PACKAGE = new URL("../../t4", import.meta.url).pathname;

/** A directory in which snippets run as somebody would who has pasted them. */
export interface SnippetPlace {
  readonly work: string;
  readonly run: (command: string, args: readonly string[]) => string;
}

/** Makes a directory in `home` that has `t4` as a command and as a library; commands are looked for in `more`, too. */
export function snippetPlace(home: string, more: readonly string[] = []): SnippetPlace {
  const [bin, work] = [join(home, "bin"), join(home, "work")];
  mkdirSync(bin);
  mkdirSync(join(work, "node_modules"), { recursive: true });
  symlinkSync(PACKAGE, join(work, "node_modules/t4"));
  writeFileSync(join(bin, "t4"), `#!/bin/sh\nexec "${process.execPath}" "${PACKAGE}/dist/bin.cjs" "$@"\n`, {
    mode: 0o755,
  });
  const env = { ...process.env, HOME: home, PATH: [bin, ...more, process.env["PATH"]].join(":") };
  return {
    work,
    run: (command, args) =>
      execFileSync(command, args, { cwd: work, encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] }),
  };
}

/** The snippet of a language. */
export function snippet(id: string, about: SnippetTarget): string {
  return SNIPPETS.find((one) => one.id === id)?.code(about) ?? "";
}
