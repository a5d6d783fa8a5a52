import { describe, expect, it } from "vitest";
import { readSummary } from "../../web/state/summary-file.js";

const plain = { title: undefined, description: undefined, width: undefined, preview: undefined };

describe("quilt_summarize.json", () => {
  it("has files below each other and beside each other", () => {
    const json = [
      "a.png",
      { path: "b.json", title: "B", description: "*b*", types: ["vega"] },
      [{ path: "c", width: "60%" }, "d"],
    ];
    expect(readSummary(json)).toEqual([
      [{ ...plain, path: "a.png" }],
      [{ ...plain, path: "b.json", title: "B", description: "*b*", preview: "chart" }],
      [
        { ...plain, path: "c", width: "60%" },
        { ...plain, path: "d" },
      ],
    ]);
  });

  it("is read as far as it says something", () => {
    expect(readSummary({})).toBeUndefined();
    expect(
      readSummary([1, null, {}, [[]], { path: "x", width: "1px;color:red", types: [{ name: "json" }, 3] }]),
    ).toEqual([[{ ...plain, path: "x", preview: "json" }]]);
  });
});
