import { beforeEach, describe, expect, it } from "vitest";
import { Scratch } from "./scratch.js";

describe("t4 diff", () => {
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/2024/jan.tsv", "a\tb\n1\t2\n");
    scratch.write("data/old.txt", "old\n");
    scratch.write("data/plot.bin", Uint8Array.of(1, 0, 2));
    scratch.write("data/large.txt", "x".repeat(1_000_001));
    scratch.write("data/same.txt", "same\n");
    await scratch.publish("data", "registry", "First");
    scratch.write("data/2024/jan.tsv", "a\tb\n1\t3\n");
    scratch.write("data/2024/new.txt", "new");
    scratch.write("data/plot.bin", Uint8Array.of(1, 0, 3));
    scratch.write("data/large.txt", "y".repeat(1_000_001));
    scratch.shell("rm data/old.txt");
  });

  const JAN = "--- 2024/jan.tsv\n+++ 2024/jan.tsv\n@@ -1,2 +1,2 @@\n a\tb\n-1\t2\n+1\t3\n";

  it("shows the content of a file that is named, and of files in a directory", () => {
    expect(scratch.t4(["diff", "2024/jan.tsv"], "data")).toEqual({
      code: 0,
      out: `~ 2024/jan.tsv  8 B\n${JAN}`,
      err: "0 added, 1 changed, 0 removed.\n",
    });
    const inside = scratch.ok(["diff", "jan.tsv", "../old.txt"], "data/2024");
    expect(inside).toContain("--- jan.tsv\n+++ jan.tsv\n");
    expect(inside).toContain("--- ../old.txt\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-old\n");
    const both = scratch.ok(["diff", "2024"], "data");
    expect(both).toContain(JAN);
    expect(both).toContain("--- /dev/null\n+++ 2024/new.txt\n@@ -0,0 +1,1 @@\n+new\n\\ No newline at end of file\n");
    expect(both).not.toContain("plot.bin");
  });

  it("with --text, of all; says of what is large or no text that it is not shown", () => {
    const { code, out } = scratch.t4(["diff", "--text"], "data");
    expect(code).toBe(0);
    expect(out).toContain(JAN);
    expect(out).toContain("~ plot.bin  3 B, not shown: no text\n");
    expect(out).toContain("~ large.txt  1.00 MB, not shown: larger than 1.00 MB\n");
    expect(scratch.ok(["diff"], "data")).not.toContain("@@");
  });

  it("of revisions, whose paths follow", async () => {
    await scratch.publish("data", "registry", "Second");
    const named = ["diff", "alice/weather@latest~1", "alice/weather", "2024/jan.tsv", "--registry", "registry"];
    expect(scratch.ok(named)).toContain(JAN);
    expect(scratch.ok(["diff", "@latest~1", "jan.tsv"], "data/2024")).toContain("--- jan.tsv\n");
    expect(JSON.parse(scratch.ok([...named, "--json"]))).toMatchObject({ added: [], deleted: [], modified: [{}] });
    expect(scratch.ok(["diff", "@latest", "@latest~1", "--text"], "data")).toContain("-1\t3\n+1\t2\n");
  });

  it("of the directory as it is now with an earlier revision", async () => {
    await scratch.publish("data", "registry", "Second");
    scratch.write("data/2024/later.txt", "later");
    const { out } = scratch.t4(["diff", "@latest~1"], "data");
    expect(out).toContain("+ 2024/later.txt");
    expect(out).toContain("~ 2024/jan.tsv");
    expect(scratch.ok(["diff", "@latest~1", "@latest"], "data")).not.toContain("later.txt");
    expect(scratch.ok(["diff", "alice/weather@latest~1"], "data")).not.toContain("later.txt");
  });

  it("refuses what is nowhere, and says how revisions are written", () => {
    const { code, out, err } = scratch.t4(["diff", "latest~1"], "data");
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(err).toContain("Did you mean @latest~1?");
    expect(scratch.t4(["diff", "same.txt"], "data")).toMatchObject({ code: 0, out: "", err: "Nothing differs.\n" });
  });
});
