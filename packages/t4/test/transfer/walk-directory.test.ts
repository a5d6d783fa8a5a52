import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { isT4Error } from "#t4/base/errors.js";
import { compareLogicalKeys } from "#t4/format/logical-key.js";
import { walkDirectory } from "#t4/transfer/walk-directory.js";
import { vectors } from "../golden/vectors.js";
import { temporaryDirectory } from "../temporary.js";

type Options = Parameters<typeof walkDirectory>[1];

describe("walkDirectory", () => {
  let root: string;

  beforeEach(() => {
    root = join(temporaryDirectory(), "t");
    mkdirSync(root);
  });

  const put = (path: string, text = path): void => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const keys = (options?: Options): string[] => Array.from(walkDirectory(root, options), ({ key }) => key);
  const failure = (options?: Options): unknown => {
    try {
      keys(options);
      return undefined;
    } catch (error) {
      return error;
    }
  };

  it("finds files in the order of the manifest, whatever their names", () => {
    const names = ["a/x", "a b", "a-b", "a.txt", "aa", "z\nnew line", "é", "\u{1f600}", "\uff5e", "e\u0301", "Z"];
    for (const name of names) put(name);
    expect(keys()).toEqual([...names].sort(compareLogicalKeys));
  });

  it("passes over what is no file, as the originals do", () => {
    put("real/f");
    put("real/sub/g");
    mkdirSync(join(root, "empty"));
    symlinkSync("real/f", join(root, "link-file"));
    symlinkSync("real", join(root, "link-dir"));
    symlinkSync("nowhere", join(root, "broken"));
    symlinkSync(".", join(root, "loop"));
    execFileSync("mkfifo", [join(root, "fifo")]);
    mkdirSync(join(root, "../out"));
    writeFileSync(join(root, "../out/o"), "");
    symlinkSync("../out/o", join(root, "link-out"));
    const { special_files: peers } = vectors<{ special_files: { quilt3: Record<string, string> } }>("quiltignore.json");
    expect(keys({ followSymlinks: true })).toEqual(Object.keys(peers.quilt3).sort(compareLogicalKeys));
    // Where the originals follow in silence: a link that leaves the directory has to be allowed.
    const error = failure();
    expect(isT4Error(error, "ERR_T4_UNSAFE") && error.message).toMatch(/link-out leads out of the directory.*out\/o/);
  });

  it("stamps the target of a link, so that a change of the target is noticed", () => {
    put("real", "four");
    symlinkSync("real", join(root, "link"));
    const [link] = walkDirectory(root);
    expect(link).toMatchObject({ key: "link", path: join(root, "real"), stamp: { size: 4 } });
  });

  it("lets the innermost ignore file decide, with its own paths", () => {
    put(".quiltignore", "*.log\n/top\nsub/deep/keep.log\n");
    put("sub/.quiltignore", "!keep.log\n/only-here\n");
    for (const path of ["a.log", "top", "sub/top", "sub/a.log", "sub/keep.log", "sub/only-here", "only-here"])
      put(path);
    expect(keys()).toEqual([".quiltignore", "only-here", "sub/.quiltignore", "sub/keep.log", "sub/top"]);
    expect(keys({ ignore: false })).toHaveLength(9);
  });

  it("does not go into an ignored directory", () => {
    put(".quiltignore", "secret/\n");
    put("secret/.quiltignore", "!*\n");
    put("secret/key");
    expect(keys()).toEqual([".quiltignore"]);
  });

  it("names a file whose name is not UTF-8, unless it is ignored", () => {
    execFileSync("bash", ["-c", `touch "${root}/$(printf 'bad\\xff')"`]);
    expect(isT4Error(failure(), "ERR_T4_INVALID_KEY")).toBe(true);
    put(".quiltignore", "bad*\n");
    expect(keys()).toEqual([".quiltignore"]);
  });

  it("takes a replacement character that is really in a name", () => {
    put("odd\ufffd");
    expect(keys()).toEqual(["odd\ufffd"]);
  });

  it.each([
    ["nothing", "ERR_T4_NOT_FOUND"],
    ["file", "ERR_T4_NOT_FOUND"],
  ] as const)("refuses to walk %s", (name, code) => {
    put("file");
    root = join(root, name);
    expect(isT4Error(failure(), code)).toBe(true);
  });

  it("passes over what other programs act upon, which no install would write, unless it is tracked", () => {
    for (const name of [
      ".git/config",
      "a/.GIT/hooks/x",
      "sub/.ssh/id",
      "sub/.t4/base",
      ".t4/x",
      ".quilt/y",
      "git.txt",
      ".gitattributes",
    ])
      put(name);
    expect(keys()).toEqual([".gitattributes", "git.txt"]);
    const tracked = { isFile: (key: string) => key === ".git/config", isDirectory: (key: string) => key === ".git" };
    expect(Array.from(walkDirectory(root, { tracked }), ({ key }) => key)).toContain(".git/config");
  });

  it("stops when it is aborted", () => {
    put("a");
    const reason = new Error("enough");
    expect(failure({ signal: AbortSignal.abort(reason) })).toBe(reason);
  });

  it.each([
    ["many rules", "r*.x\n".repeat(30_000)],
    ["a long rule", `${"*a".repeat(20_000)}b\n`],
    ["a rule that backtracks", `x\n${"**/a/".repeat(20)}b\n`],
  ])("refuses an ignore file that takes too long: %s", (_, text) => {
    const strange = temporaryDirectory();
    const deep = join(strange, "a/".repeat(40));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, "c"), "");
    writeFileSync(join(strange, ".quiltignore"), text);
    expect(() => [...walkDirectory(strange)]).toThrow(expect.objectContaining({ code: "ERR_T4_FORMAT" }));
  });

  it("refuses ignore files that are too large together", () => {
    const strange = temporaryDirectory();
    for (const name of ["a", "b", "c"]) {
      mkdirSync(join(strange, name));
      writeFileSync(join(strange, name, ".quiltignore"), "x\n".repeat(25_000));
    }
    expect(() => [...walkDirectory(strange)]).toThrow(/c\/\.quiltignore.*150000 bytes/);
  });
});
