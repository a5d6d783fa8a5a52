import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { hashBytes } from "#t4/hash/hasher.js";
import { Batch } from "#t4/transfer/batch.js";
import { runJob, runJobs } from "#t4/transfer/run-job.js";
import { temporaryDirectory } from "../temporary.js";

type Job = Parameters<typeof runJobs>[0][number];
type InstallJob = Extract<Job, { kind: "install" }>;

const expected = (text: string) => ({
  type: "sha2-256-chunked" as const,
  value: hashBytes("sha2-256-chunked", Buffer.from(text)),
  size: Buffer.byteLength(text),
});

describe("a file that is installed while others write in its directory", () => {
  let work: string;
  let dest: string;

  beforeEach(() => {
    work = temporaryDirectory();
    dest = join(work, "dest");
    writeFileSync(join(work, "source"), "right");
  });

  const install = (changes: Partial<InstallJob> = {}): Job => ({
    kind: "install",
    source: { path: join(work, "source") },
    expected: expected("right"),
    root: dest,
    key: "sub/file",
    ...changes,
  });
  const outcome = (job: Job): string | undefined => runJobs([job])[0]?.outcome;

  describe("where a name must be free", () => {
    const named = (text: string): Job =>
      install({ source: { content: Buffer.from(text) }, expected: expected(text), replaceable: [] });

    it("refuses a second file of one name, and leaves the first", () => {
      expect(() => runJobs([named("one"), named("two")])).toThrow(/Another file got the name .*sub\/file/);
      expect(readFileSync(join(dest, "sub/file"), "utf8")).toBe("one");
      expect(readdirSync(dest)).toEqual(["sub"]);
    });

    it.each([
      ["refuses when another's file got it meanwhile", "theirs", /Another file got the name/],
      ["goes on when the very same file got it meanwhile", "mine", undefined],
    ])("%s", (_, theirs, error) => {
      const batch = new Batch();
      runJob(named("mine"), batch);
      mkdirSync(join(dest, "sub"), { recursive: true });
      writeFileSync(join(dest, "sub/file"), theirs);
      const publish = (): void => batch.publish();
      if (error === undefined) publish();
      else expect(publish).toThrow(error);
      batch.close();
      expect(readFileSync(join(dest, "sub/file"), "utf8")).toBe(theirs);
      expect(readdirSync(dest)).toEqual(["sub"]);
    });
  });

  describe("where a file changes after it was looked at", () => {
    const replacing = (): Job => install({ replaceable: [expected("older")] });
    const meanwhile = (job: Job, act: (path: string) => void): string => {
      const batch = new Batch();
      const result = runJob(job, batch);
      act(join(dest, "sub/file"));
      batch.publish();
      batch.close();
      return result.outcome;
    };

    beforeEach(() => {
      mkdirSync(join(dest, "sub"), { recursive: true });
      writeFileSync(join(dest, "sub/file"), "older");
    });

    it.each([
      ["was edited", "mine", (path: string) => writeFileSync(path, "mine")],
      ["was edited at the same size", "MINE!", (path: string) => writeFileSync(path, "MINE!")],
      [
        "was replaced",
        "other",
        (path: string) => {
          writeFileSync(`${path}.new`, "other");
          renameSync(`${path}.new`, path);
        },
      ],
      [
        "became a link",
        "right",
        (path: string) => {
          rmSync(path);
          symlinkSync(join(work, "source"), path);
        },
      ],
    ])("keeps one that %s meanwhile", (_, text, act) => {
      expect(meanwhile(replacing(), act)).toBe("kept");
      expect(readFileSync(join(dest, "sub/file"), "utf8")).toBe(text);
      expect(readdirSync(dest, { recursive: true }).map(String).sort()).toEqual(["sub", "sub/file"]);
    });

    it("keeps one deleted that was deleted meanwhile", () => {
      expect(meanwhile(replacing(), (path) => rmSync(path))).toBe("absent");
      expect(readdirSync(dest, { recursive: true })).toEqual(["sub"]);
    });

    it("does not replace one that came meanwhile", () => {
      rmSync(join(dest, "sub/file"));
      expect(() => meanwhile(replacing(), (path) => writeFileSync(path, "new"))).toThrow(/Another file got the name/);
      expect(readFileSync(join(dest, "sub/file"), "utf8")).toBe("new");
    });

    it("replaces one that did not change", () => {
      expect(meanwhile(replacing(), () => undefined)).toBe("done");
      expect(readFileSync(join(dest, "sub/file"), "utf8")).toBe("right");
    });

    it.each([[], [expected("older")]])("keeps a link", (...replaceable) => {
      rmSync(join(dest, "sub/file"));
      symlinkSync(join(work, "source"), join(dest, "sub/file"));
      expect(outcome(install({ replaceable }))).toBe("kept");
      expect(lstatSync(join(dest, "sub/file")).isSymbolicLink()).toBe(true);
      expect(outcome(install())).toBe("done");
      expect(lstatSync(join(dest, "sub/file")).isSymbolicLink()).toBe(false);
    });
  });
});
