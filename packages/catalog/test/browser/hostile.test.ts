import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Package } from "t4";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { temporaryHome } from "../fixture.js";
import { openRegistry, useCatalog } from "./browse.js";
import { PAYLOADS } from "./payloads.js";

const home = temporaryHome();
const opened = useCatalog();
vi.setConfig({ testTimeout: 90_000 });
let base: string;

/** Names that a logical key may have. */
const names = PAYLOADS.map((payload) => payload.replaceAll(/[\\\n]/g, "").replaceAll("/", "\u2215")).filter(
  (name) => Buffer.byteLength(name) < 200,
);
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

/** A notebook with the payloads in its words, code, and every kind of output. */
function notebookOf(payloads: readonly string[]): string {
  const outputs = payloads.flatMap((payload) => [
    { output_type: "stream", name: payload, text: payload },
    { output_type: "error", ename: payload, evalue: payload, traceback: [payload] },
    { output_type: "display_data", data: { "text/html": payload, "text/plain": payload } },
    { output_type: "display_data", data: { "text/html": `<table><tr><td>${payload}</td></tr></table>` } },
    { output_type: "display_data", data: { "text/markdown": payload } },
    { output_type: "display_data", data: { "image/svg+xml": payload } },
    { output_type: "display_data", data: { "image/png": payload } },
    { output_type: "display_data", data: { "application/javascript": payload } },
    { output_type: "display_data", data: { "application/json": { [payload]: payload } } },
  ]);
  const cells = payloads.map((source) => ({ cell_type: "markdown", source }));
  const code = { cell_type: "code", source: payloads.join("\n"), execution_count: 1, outputs };
  return JSON.stringify({ nbformat: 4, metadata: { language_info: { name: payloads[0] } }, cells: [...cells, code] });
}

beforeAll(async () => {
  const all = PAYLOADS.join("\n\n");
  const object = Object.fromEntries(PAYLOADS.map((payload) => [payload, payload]));
  const pkg = new Package().setMeta({
    ...object,
    list: [...PAYLOADS],
    inner: { "<img src=x onerror=alert(1)>": object },
  });
  await pkg.setText("README.md", all);
  await pkg.setText("table.csv", [PAYLOADS, PAYLOADS, PAYLOADS].map((row) => row.map(quoted).join(",")).join("\n"));
  await pkg.setText(
    "rows.jsonl",
    PAYLOADS.map((payload) => JSON.stringify({ [payload]: payload, x: [payload] })).join("\n"),
  );
  await pkg.setText("rows.tsv", PAYLOADS.map((payload) => `${payload.replaceAll(/[\n\t]/g, " ")}\tx`).join("\n"));
  await pkg.setText("object.json", JSON.stringify([object, PAYLOADS]));
  await pkg.setText("code.py", all);
  await pkg.setText("code.xml", all);
  await pkg.setText("page.html", `<!doctype html>${all}`);
  await pkg.setText("book.ipynb", notebookOf(PAYLOADS));
  const first = { path: "README.md", title: PAYLOADS[0], description: all, width: PAYLOADS[0], types: [PAYLOADS[0]] };
  const summary = [first, ...PAYLOADS, [{ path: "../../etc/passwd" }, { path: "http://evil.example/x" }]];
  await pkg.setText("quilt_summarize.json", JSON.stringify(summary));
  await pkg.setText("drawing.svg", `<svg xmlns="http://www.w3.org/2000/svg">${all}</svg>`);
  const wellFormed = `<script>alert(1)</script><image href="http://evil.example/x"/><foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="alert(1)"/></foreignObject>`;
  await pkg.setText("runs.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${wellFormed}</svg>`);
  await pkg.setText("upwards.md", PAYLOADS.filter((payload) => payload.includes("api/v1")).join("\n\n"));
  pkg.setMeta(object, "named");
  await pkg.setText("binary", `\u0000${all}`, { meta: object });
  for (const name of new Set(names)) await pkg.setText(`named/${name}`, name, { meta: { [name]: name } });
  for (const name of names.slice(0, 20)) await pkg.setText(`named/dir ${name}/README.md`, all);
  // The registry's own name and its rules are strangers' words, too.
  const registry = join(home, "<img src=x onerror=alert(1)>");
  const rules = Object.fromEntries(PAYLOADS.map((payload) => [payload, { name: payload, description: payload }]));
  mkdirSync(join(registry, ".quilt/workflows"), { recursive: true });
  writeFileSync(
    join(registry, ".quilt/workflows/config.yml"),
    JSON.stringify({ version: "1", is_workflow_required: false, workflows: rules }),
  );
  for (const payload of PAYLOADS.slice(0, 40)) {
    await pkg.setText("turn.txt", payload);
    await pkg.push("evil/package", registry, { message: payload, workflow: payload });
  }
  await pkg.push("evil/package", registry, { message: all });
  const other = new Package().setMeta({ inner: PAYLOADS.toReversed() });
  await other.setText(
    "table.csv",
    [PAYLOADS, PAYLOADS.toReversed()].map((row) => row.map(quoted).join(",")).join("\n"),
  );
  await other.push("evil/other", registry, { message: PAYLOADS[1] ?? null });
  base = `${await openRegistry(opened(), registry)}/p/evil/package`;
}, 120_000);

/** Looks at a page until it is whole, after a link led there. */
async function visit(path: string): Promise<void> {
  const { page, complaints, origin, follow, settled } = opened();
  complaints.length = 0;
  await follow(base + path);
  await settled();
  expect(complaints).toEqual([]);
  expect(await page.title()).toMatch(/ · T4$/);
  expect(new URL(page.url()).origin).toBe(origin);
  expect(await page.locator("#app").count()).toBe(1);
  // Pictures that are not in sight are not asked for yet; where they would be is seen.
  const pictures = await page.locator("img").evaluateAll((all) => all.map((one) => (one as HTMLImageElement).src));
  expect(pictures.filter((url) => !/^(?:data|blob):|^http:\/\/[^/]+\/(?:-\/raw|assets)\//.test(url))).toEqual([]);
  expect(
    await page
      .locator("script:not([src^='/assets/']), iframe, object, embed, base, form:not(.go-to-row, .sql-form)")
      .count(),
  ).toBe(0);
}

describe(`a package with ${PAYLOADS.length} payloads in every field`, () => {
  it("has that many", () => expect(PAYLOADS.length).toBeGreaterThan(150));

  it.each([
    "",
    "/revisions",
    "/metadata",
    "/compare",
    "/compare/latest~5?file=turn.txt",
    "/compare/latest~5?file=turn.txt&kind=%3Cscript%3E",
    "/compare/evil/other",
    "/compare/evil/other?file=table.csv",
    "/compare/%3Cimg%20src=x%20onerror=alert(1)%3E/x@y",
    "/compare/latest~5?file=%3Cimg%20src=x%20onerror=alert(1)%3E",
    "/compare/%3Cimg%20src=x%20onerror=alert(1)%3E",
    "/files/",
    "/files/named/",
    "/files/README.md",
    "/files/README.md?view=text",
    "/files/upwards.md",
    "/files/table.csv",
    "/files/table.csv?view=sql&sql=%3Cimg%20src=x%20onerror=alert(1)%3E",
    "/files/rows.tsv",
    "/files/rows.jsonl",
    "/files/turn.txt",
    "/files/runs.svg",
    "/files/object.json",
    "/files/code.py",
    "/files/code.xml",
    "/files/page.html?view=text",
    "/files/book.ipynb",
    "/files/quilt_summarize.json",
    "/files/drawing.svg",
    "/files/drawing.svg?view=text",
    "/files/binary",
    "@latest~3",
    "@latest~3/metadata",
    "@%3Cimg%20src=x%20onerror=alert(1)%3E",
    "/files/%3Cimg%20src=x%20onerror=alert(1)%3E",
    "/files/README.md?view=%3Cscript%3E&q=%22%3E%3Cscript%3E#%3Cimg%20src=x%20onerror=alert(1)%3E",
  ])("does nothing on %s", visit);

  it.each(names.filter((_, i) => i % 20 === 0))("does nothing as the name of a file: %s", async (name) => {
    await visit(`/files/named/${encodeURIComponent(name)}`);
    await visit(`/files/named/${encodeURIComponent(`dir ${name}`)}/`);
  });

  it("is shown as the text that it is", async () => {
    const { page } = opened();
    await visit("/files/README.md?view=text");
    const [first = ""] = PAYLOADS;
    expect(await page.getByText(first, { exact: true }).count()).toBeGreaterThan(0);
    await visit("/metadata");
    expect(await page.getByText(first, { exact: true }).count()).toBeGreaterThan(0);
  });

  it("does nothing in the list of packages and in the finder", async () => {
    const { page, complaints, settled } = opened();
    await page.goto(base.replace(/\/p\/.*/, ""));
    await page.getByRole("link", { name: "evil/package" }).waitFor();
    await settled();
    await page.goto(base);
    await page.getByText("Use this revision").waitFor();
    await page.keyboard.press("t");
    for (const text of ["img", "<svg", "javascript:"]) {
      await page.getByRole("combobox").fill(text);
      await page.getByRole("option").first().waitFor();
      await settled();
    }
    expect(complaints).toEqual([]);
  });

  it("is saved, not shown, when its page is opened at the top of a tab", async () => {
    const { page, context, complaints } = opened();
    await page.goto(`${base}/files/page.html?view=text`);
    const href = await page.getByRole("link", { name: "Download" }).getAttribute("href");
    complaints.length = 0;
    const tab = await context.newPage();
    const download = tab.waitForEvent("download");
    await tab.goto(new URL(href ?? "", page.url()).href.replace("?download=1", "")).catch(() => undefined);
    expect((await download).suggestedFilename()).toBe("page.html");
    expect(tab.url()).toBe("about:blank");
    await tab.close();
    expect(complaints).toEqual([]);
  });
});
