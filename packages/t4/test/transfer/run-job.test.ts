import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { hashBytes } from "#t4/hash/hasher.js";
import type { Kept } from "#t4/transfer/file-job.js";
import { bytesOf } from "#t4/transfer/job-batches.js";
import { runJobs } from "#t4/transfer/run-job.js";
import { uploadFile } from "#t4/transfer/upload-file.js";
import { walkDirectory } from "#t4/transfer/walk-directory.js";
import { temporaryDirectory } from "../temporary.js";

/** Hashed while it is copied, not before. */
const LARGE = 300_000;

type Job = Parameters<typeof runJobs>[0][number];
type InstallJob = Extract<Job, { kind: "install" }>;

const expected = (text: string) => ({
  type: "sha2-256-chunked" as const,
  value: hashBytes("sha2-256-chunked", Buffer.from(text)),
  size: Buffer.byteLength(text),
});

describe("one file's job", () => {
  let work: string;
  let dest: string;

  beforeEach(() => {
    work = temporaryDirectory();
    dest = join(work, "dest");
    writeFileSync(join(work, "source"), "right");
  });

  const stamped = (name: string) => {
    const found = [...walkDirectory(work)].find(({ key }) => key === name);
    return { path: join(work, name), stamp: found?.stamp };
  };
  const install = (changes: Partial<InstallJob> = {}): Job => ({
    kind: "install",
    source: { path: join(work, "source") },
    expected: expected("right"),
    root: dest,
    key: "sub/file",
    ...changes,
  });
  const outcome = (job: Job): string | undefined => runJobs([job])[0]?.outcome;

  it.each([
    ["grew", (path: string) => appendFileSync(path, "more")],
    ["shrank", (path: string) => truncateSync(path, 2)],
    ["was rewritten at the same size", (path: string) => writeFileSync(path, "wrong")],
    [
      "was replaced",
      (path: string) => {
        writeFileSync(`${path}.new`, "right");
        renameSync(`${path}.new`, path);
      },
    ],
  ])("refuses a file that %s since it was set, and names it", (_, change) => {
    const source = stamped("source");
    change(source.path);
    const hash = { kind: "hash", source, types: ["SHA256"] } as const;
    expect(() => runJobs([hash])).toThrow(/source changed after it was added/);
  });

  it("computes the hash of what is there", () => {
    const [result] = runJobs([{ kind: "hash", source: stamped("source"), types: ["SHA256", "sha2-256-chunked"] }]);
    expect(result?.values).toEqual({
      SHA256: createHash("sha256").update("right").digest("hex"),
      "sha2-256-chunked": expected("right").value,
    });
  });

  it("installs a file with nothing left over", () => {
    expect(outcome(install())).toBe("done");
    expect(readFileSync(join(dest, "sub/file"), "utf8")).toBe("right");
    expect(readdirSync(dest)).toEqual(["sub"]);
    expect(outcome(install())).toBe("already");
  });

  it.each(["wrong", "too long for it"])("never gives its name to a file that holds %j", (text) => {
    mkdirSync(join(dest, "sub"), { recursive: true });
    writeFileSync(join(dest, "sub/file"), "before");
    writeFileSync(join(work, "source"), text);
    expect(() => outcome(install())).toThrow(/is not what the package says/);
    expect(readFileSync(join(dest, "sub/file"), "utf8")).toBe("before");
    expect(readdirSync(dest, { recursive: true }).map(String).sort()).toEqual(["sub", "sub/file"]);
  });

  it("never gives its name to a large file that is not the right one, which is known only when it is copied", () => {
    const [right, wrong] = ["r", "w"].map((letter) => letter.repeat(LARGE));
    writeFileSync(join(work, "source"), wrong ?? "");
    expect(() => outcome(install({ expected: expected(right ?? "") }))).toThrow(/is not what the package says/);
    expect(readdirSync(dest, { recursive: true })).toEqual([]);
  });

  it("keeps a file that is none of those it may replace", () => {
    mkdirSync(join(dest, "sub"), { recursive: true });
    writeFileSync(join(dest, "sub/file"), "mine!");
    expect(outcome(install({ replaceable: [expected("older")] }))).toBe("kept");
    expect(readFileSync(join(dest, "sub/file"), "utf8")).toBe("mine!");
    expect(outcome(install({ replaceable: [expected("older"), expected("mine!")] }))).toBe("done");
    expect(readFileSync(join(dest, "sub/file"), "utf8")).toBe("right");
  });

  it("makes no directory to find that a file is not there, and shall not be", () => {
    expect(outcome(install({ ifAbsent: "keep" }))).toBe("absent");
    expect(existsSync(join(dest, "sub"))).toBe(false);
  });

  it("counts as what its file has, or is said to have", () => {
    const keep = () => Promise.reject(new Error("not called"));
    const upload = { kind: "upload", source: { path: join(work, "source") }, types: [], keep } as const;
    expect(bytesOf({ ...upload, expected: expected("right") })).toBe(5);
    expect(bytesOf({ ...upload, source: stamped("source") })).toBe(5);
    expect(bytesOf(upload)).toBe(0);
  });

  it("does not send a file that changes meanwhile", async () => {
    const path = join(work, "source");
    const keep = async (): Promise<Kept> => {
      appendFileSync(path, "more");
      return { url: "s3://bucket/key", hash: expected("right").value };
    };
    const job = { kind: "upload", source: { path }, types: [], keep } as const;
    const options = { signal: new AbortController().signal, onBytes: () => undefined };
    await expect(uploadFile(job, options)).rejects.toThrow(/source changed/);
  });

  it("says in a dry run what it would do, and makes not even a directory", () => {
    expect(outcome(install({ isDryRun: true }))).toBe("done");
    expect(existsSync(dest)).toBe(false);
  });

  it.each([
    ["a directory", "sub"],
    ["the file", "sub/file"],
  ])("never follows a link in the place of %s", (_, link) => {
    mkdirSync(join(work, "outside"));
    writeFileSync(join(work, "outside/file"), "theirs");
    mkdirSync(join(dest, link, ".."), { recursive: true });
    symlinkSync(link === "sub" ? join(work, "outside") : join(work, "outside/file"), join(dest, link));
    if (link === "sub") expect(() => outcome(install())).toThrow(/link or a file, not a directory/);
    else expect(outcome(install())).toBe("done");
    expect(readFileSync(join(work, "outside/file"), "utf8")).toBe("theirs");
    expect(readdirSync(join(work, "outside"))).toEqual(["file"]);
  });

  it.each(["../file", "a/../../file", "/file", ""])("refuses the key %j", (key) => {
    expect(() => outcome(install({ key }))).toThrow(/Refused|not a directory/);
    expect(existsSync(join(work, "file"))).toBe(false);
  });

  it("does not hang on a pipe in the source's place", () => {
    expect(() => runJobs([{ kind: "hash", source: { path: "/dev/null" }, types: ["SHA256"] }])).toThrow(
      /not a regular file/,
    );
  });

  describe("that stores an object", () => {
    const store = (changes: Partial<Extract<Job, { kind: "store" }>> = {}): Job => ({
      kind: "store",
      source: { path: join(work, "source") },
      types: ["sha2-256-chunked"],
      objects: join(work, "objects"),
      temporary: work,
      extension: ".txt",
      ...changes,
    });

    it("stores the same bytes once, under their hash and their ending", () => {
      writeFileSync(join(work, "twin"), "right");
      const [one, two] = runJobs([store(), store({ source: { path: join(work, "twin") } })]);
      const hex = Buffer.from(expected("right").value, "base64").toString("hex");
      expect(one?.path).toBe(join(work, "objects", hex.slice(0, 2), `${hex}.txt`));
      expect(two?.path).toBe(one?.path);
      expect(readFileSync(one?.path ?? "", "utf8")).toBe("right");
      expect(readdirSync(work).sort()).toEqual(["objects", "source", "twin"]);
    });

    it("marks an object that it uses again as used: no garbage collection takes it meanwhile", () => {
      const [{ path = "" } = {}] = runJobs([store()]);
      utimesSync(path, new Date(0), new Date(0));
      const from = Date.now();
      runJobs([store()]);
      expect(statSync(path).mtimeMs).toBeGreaterThan(from - 1000);
    });

    it("replaces an object that a crash or a stranger left at the wrong size", () => {
      const [{ path = "" } = {}] = runJobs([store()]);
      writeFileSync(path, "torn");
      runJobs([store()]);
      expect(readFileSync(path, "utf8")).toBe("right");
    });

    it("refuses bytes that are not those of the entry", () => {
      expect(() => runJobs([store({ expected: expected("wrong") })])).toThrow(/is not what the package says/);
      expect(existsSync(join(work, "objects"))).toBe(false);
    });

    it("names none of a batch's files when one of them fails", () => {
      expect(() => runJobs([store(), store({ source: { path: join(work, "absent") } })])).toThrow(/no file/);
      expect(
        readdirSync(work, { recursive: true })
          .map(String)
          .filter((path) => path.endsWith(".txt")),
      ).toEqual([]);
      expect(readdirSync(work).filter((name) => name.includes("-"))).toEqual([]);
    });
  });

  it("says what failed and where when a system call fails", () => {
    writeFileSync(join(work, "blocked"), "a file, not a directory");
    const store = {
      kind: "store",
      source: { path: join(work, "source") },
      types: ["SHA256"],
      objects: join(work, "blocked", "objects"),
      temporary: work,
      extension: "",
    } as const;
    const act = (): unknown => runJobs([store]);
    expect(act).toThrow(/^Cannot (write|store|look for) .*blocked.*ENOTDIR/);
    expect(act).toThrow(
      expect.objectContaining({ code: "ERR_T4_IO", hint: expect.stringContaining("file") as string }),
    );
  });

  it("does not take a bug for a failing disk", () => {
    const act = (): unknown => runJobs([{ kind: "hash", source: { path: 7 as unknown as string }, types: [] }]);
    expect(act).toThrow(TypeError);
  });
});
