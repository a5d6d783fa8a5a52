import { describe, expect, it } from "vitest";
import { readNotebook } from "../../render/notebook/cells.js";

const outputOf = (data: unknown): unknown => {
  const cell = { cell_type: "code", source: "x", outputs: [{ output_type: "display_data", data }] };
  return readNotebook({ cells: [cell] })?.cells[0]?.outputs[0];
};

describe("a notebook", () => {
  it("of version 4 has words, code and outputs", () => {
    const json = {
      metadata: { language_info: { name: "R", file_extension: ".r" } },
      cells: [
        { cell_type: "markdown", source: ["# A\n", "b"] },
        {
          cell_type: "code",
          source: "1",
          execution_count: 7,
          outputs: [{ output_type: "stream", name: "stderr", text: ["a", "b"] }],
        },
      ],
    };
    expect(readNotebook(json)).toEqual({
      language: "R",
      extension: ".r",
      cells: [
        { kind: "markdown", text: "# A\nb", count: null, outputs: [] },
        { kind: "code", text: "1", count: 7, outputs: [{ kind: "stream", text: "ab", isError: true }] },
      ],
    });
  });

  it("of version 3 has sheets and short names", () => {
    const cell = { cell_type: "code", input: "1", prompt_number: 2, outputs: [{ output_type: "pyout", text: "2" }] };
    expect(readNotebook({ worksheets: [{ cells: [cell] }] })?.cells).toEqual([
      { kind: "code", text: "1", count: 2, outputs: [{ kind: "text", text: "2" }] },
    ]);
  });

  it("is not any other JSON", () => {
    for (const json of [null, [], {}, { cells: "x" }, 7]) expect(readNotebook(json)).toBeUndefined();
  });

  it("gives tables of HTML as cells of text, and no other HTML", () => {
    const html =
      "<style>td{}</style><table><tr><th></th><th>a</th></tr><tr><th>0</th><td>&lt;b&gt; <i>x</i></td></tr></table>";
    expect(outputOf({ "text/html": html })).toEqual({
      kind: "table",
      heads: 1,
      rows: [
        ["", "a"],
        ["0", "<b> x"],
      ],
    });
    expect(outputOf({ "text/html": "<script>x</script>", "text/plain": "<Chart>" })).toEqual({
      kind: "withheld",
      type: "text/html",
      text: "<Chart>",
    });
  });

  it("reads tables in time that grows as they do, and takes what is very long for a page", () => {
    for (const tag of ["<tr ", "<td ", "<i "]) {
      expect(outputOf({ "text/html": `<table><tr><td>${tag.repeat(400_000)}` })).toMatchObject({ kind: "table" });
    }
    const long = `<table>${"<tr><td>1".repeat(1_000_000)}`;
    expect(outputOf({ "text/html": long, "text/plain": "x" })).toEqual({
      kind: "withheld",
      type: "text/html",
      text: "x",
    });
    expect(outputOf({ "text/html": "<table><tr><td>&#x41;&deg;" })).toMatchObject({ rows: [["A°"]] });
  });

  it("shows pictures that are some", () => {
    expect(outputOf({ "image/png": "aGk=\n" })).toEqual({ kind: "picture", url: "data:image/png;base64,aGk=" });
    expect(outputOf({ "image/png": "<b>" })).toMatchObject({ kind: "withheld" });
  });
});
