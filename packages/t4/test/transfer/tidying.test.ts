import fs, {
  closeSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hashBytes } from "#t4/hash/hasher.js";
import { removeGone } from "#t4/package/directory/remove-gone.js";
import { Batch } from "#t4/transfer/batch.js";
import { runJobs } from "#t4/transfer/run-job.js";
import { temporaryDirectory } from "../temporary.js";

/** What the file system does from now on instead of the calls that are named, until the end of the test. */
function replaceCalls(calls: Partial<typeof fs>): void {
  for (const [name, call] of Object.entries(calls)) vi.spyOn(fs, name as "rmSync").mockImplementation(call as never);
  syncBuiltinESMExports();
}

function restoreCalls(): void {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
}

function refuse(path: unknown): never {
  const message = `EROFS: read-only file system, '${String(path)}'`;
  throw Object.assign(new Error(message), { code: "EROFS", syscall: "call" });
}

afterEach(restoreCalls);

let root: string;
const expected = { type: "SHA256", value: hashBytes("SHA256", Buffer.from("x")), size: 1 } as const;

beforeEach(() => {
  root = join(temporaryDirectory(), "dest");
  mkdirSync(root);
});

/** Does something while the file system refuses every change. */
function whenReadOnly(act: () => void): void {
  replaceCalls({ mkdirSync: refuse, rmdirSync: refuse, rmSync: refuse, unlinkSync: refuse });
  try {
    act();
  } finally {
    restoreCalls();
  }
}

const openFiles = (): number => readdirSync("/proc/self/fd").length;

describe("a place that nothing can be removed from", () => {
  it("says which file could not be written, not that it could not be tidied up", () => {
    writeFileSync(join(root, "source"), "x");
    const job = { kind: "install", source: { path: join(root, "source") }, expected, root, key: "a" } as const;
    whenReadOnly(() => expect(() => runJobs([job])).toThrow(`Cannot write ${join(root, "a")}: `));
  });

  it.runIf(process.platform === "linux")("keeps no directory open", () => {
    const before = openFiles();
    const batch = new Batch();
    const { file, path } = batch.destination(root).createTemporary();
    closeSync(file);
    batch.destination(root).place("deep/a");
    batch.add({ temporary: path, path: join(root, "deep/a"), name: () => undefined });
    whenReadOnly(() => batch.close());
    expect(openFiles()).toBe(before);
  });
});

describe("files that a package no longer has", () => {
  const gone = {
    logicalKey: "a/b/c/file",
    theirs: undefined,
    ancestor: undefined,
    unchanged: [expected],
    wasThere: true,
  };
  const remove = (): unknown => removeGone([gone], { dest: root, keyOf: (logicalKey) => logicalKey, overwrite: false });

  beforeEach(() => {
    mkdirSync(join(root, "a/b/c"), { recursive: true });
    writeFileSync(join(root, "a/b/c/file"), "x");
  });

  it("go with the directories that get empty, and no others", () => {
    writeFileSync(join(root, "a/mine"), "mine");
    expect(remove()).toMatchObject({ removed: [{ logicalKey: gone.logicalKey }] });
    expect(readdirSync(join(root, "a"))).toEqual(["mine"]);
    unlinkSync(join(root, "a/mine"));
    mkdirSync(join(root, "a/b/c"), { recursive: true });
    writeFileSync(join(root, "a/b/c/file"), "x");
    remove();
    expect(existsSync(join(root, "a"))).toBe(false);
    expect(existsSync(root)).toBe(true);
  });

  it.skipIf(process.platform === "win32")("take no directory behind a link that was planted meanwhile", () => {
    const victim = `${root}-victim`;
    mkdirSync(join(victim, "b/c"), { recursive: true });
    writeFileSync(join(victim, "thesis"), "theirs");
    replaceCalls({
      unlinkSync(path) {
        restoreCalls();
        unlinkSync(path);
        renameSync(join(root, "a"), join(root, "aside"));
        symlinkSync(victim, join(root, "a"));
      },
    });
    expect(remove).toThrow("is a link");
    expect(readdirSync(victim, { recursive: true, encoding: "utf8" }).sort()).toEqual(["b", "b/c", "thesis"]);
    expect(readFileSync(join(victim, "thesis"), "utf8")).toBe("theirs");
  });
});
