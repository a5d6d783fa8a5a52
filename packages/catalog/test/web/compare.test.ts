import { describe, expect, it } from "vitest";
import { diffRows, type WholeTable } from "../../render/compare/row-diff.js";
import { diffTexts } from "../../render/compare/text-diff.js";
import { metaChanges } from "../../web/state/meta-changes.js";

const table = (names: string, ...rows: (readonly unknown[])[]): WholeTable => ({
  columns: names.split(" ").map((name) => ({ name, kind: "text" })),
  rows,
});

describe("rows", () => {
  it("are paired by the column that tells them apart", () => {
    const before = table("name id size", ["a", 1, "s"], ["b", 2, "m"], ["c", 3, "l"]);
    const after = table("name id size", ["a", 1, "s"], ["b", 2, "xl"], ["d", 4, "l"]);
    const diff = diffRows(before, after);
    expect(diff.key).toEqual(["id"]);
    expect(diff.columns.map(({ name }) => name)).toEqual(["id", "size", "name"]);
    expect(diff.counts).toEqual({ added: 1, removed: 1, modified: 1, same: 1 });
    expect(diff.rows).toEqual([
      { kind: "modified", before: ["2", "m", "b"], after: ["2", "xl", "b"] },
      { kind: "removed", before: ["3", "l", "c"], after: undefined },
      { kind: "added", before: undefined, after: ["4", "l", "d"] },
    ]);
  });

  it("are paired by two columns where no one tells them apart", () => {
    const before = table("day town warm", ["1", "x", "8"], ["1", "y", "9"], ["2", "x", "7"]);
    const after = table("day town warm", ["1", "x", "8"], ["1", "y", "9.5"], ["2", "x", "7"]);
    expect(diffRows(before, after)).toMatchObject({ key: ["day", "town"], counts: { modified: 1, same: 2 } });
  });

  it("without a key are the same or not, each as often as it is there", () => {
    const diff = diffRows(table("a", ["x"], ["x"], ["y"]), table("a", ["x"], ["z"], ["z"]));
    expect(diff).toMatchObject({ key: [], counts: { added: 2, removed: 2, modified: 0, same: 1 } });
  });

  it("without a key keep the cells that one side has not", () => {
    const diff = diffRows(table("a", ["1"], ["1"]), table("a b", ["1", "2"], ["1", "2"]));
    expect(diff).toMatchObject({ key: [], counts: { added: 2, removed: 2 } });
    expect(diff.rows[0]).toEqual({ kind: "removed", before: ["1", undefined], after: undefined });
  });

  it("show columns that came and went", () => {
    const diff = diffRows(table("id old", ["1", "o"]), table("id now", ["1", "n"]));
    expect(diff.columns.map(({ name, standing }) => `${name} ${standing}`)).toEqual([
      "id same",
      "now added",
      "old removed",
    ]);
    expect(diff.rows).toEqual([{ kind: "modified", before: ["1", undefined, "o"], after: ["1", "n", undefined] }]);
  });
});

describe("lines", () => {
  it("are numbered on both sides, with what differs inside them and the gaps between", () => {
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`);
    const after = lines.with(9, "line ten").toSpliced(20, 1);
    const diff = diffTexts(lines.join("\n"), after.join("\n"));
    expect(diff).toMatchObject({ added: 1, removed: 2 });
    expect(diff?.lines[0]).toEqual({ kind: "gap", text: "6 equal lines" });
    expect(diff?.lines.filter(({ kind }) => kind === "removed" || kind === "added")).toEqual([
      { kind: "removed", text: "line 10", before: 10, after: undefined, mark: [5, 7] },
      { kind: "added", text: "line ten", before: undefined, after: 10, mark: [5, 8] },
      { kind: "removed", text: "line 21", before: 21, after: undefined },
    ]);
    expect(diff?.lines.at(-1)).toEqual({ kind: "gap", text: "6 equal lines" });
  });

  it("of equal texts are none", () => expect(diffTexts("a\nb", "a\nb")).toEqual({ lines: [], added: 0, removed: 0 }));
});

describe("metadata", () => {
  it("is compared value by value", () => {
    const before = { a: 1, b: { c: [1, 2], d: "x" }, gone: true };
    const after = { a: 1, b: { c: [1, 3, 4], d: { x: 1 } }, come: null };
    expect(metaChanges(before, after)).toEqual([
      { kind: "modified", path: "b.c[1]", before: 2, after: 3 },
      { kind: "added", path: "b.c[2]", before: undefined, after: 4 },
      { kind: "modified", path: "b.d", before: "x", after: { x: 1 } },
      { kind: "removed", path: "gone", before: true, after: undefined },
      { kind: "added", path: "come", before: undefined, after: null },
    ]);
  });

  it("may have names that objects have of their own", () => {
    const changes = metaChanges(JSON.parse('{"__proto__":1}'), JSON.parse('{"constructor":2}'));
    expect(changes.map(({ kind, path }) => `${kind} ${path}`)).toEqual(["removed __proto__", "added constructor"]);
  });
});
