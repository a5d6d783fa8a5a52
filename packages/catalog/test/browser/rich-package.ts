import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Package } from "t4";

/** A package with a file of each kind that is more than text: a chart, a page, a notebook, a PDF, sound, a summary. */
export async function pushRich(registry: string, data: string): Promise<string> {
  const pkg = new Package();
  for (const name of ["cars.json", "stocks.csv"]) await pkg.set(`data/${name}`, join(data, name));
  await pkg.setText("charts/cars.vl.json", chart("../data/cars.json", "point", ["Horsepower", "Miles_per_Gallon"]));
  await pkg.setText("charts/stocks.vl.json", chart("../data/stocks.csv", "line", ["date", "price"]));
  await pkg.setText("report/index.html", REPORT);
  await pkg.setText("report/style.css", "h1 { color: rgb(69, 64, 207); }");
  await pkg.setText("report/app.js", APP);
  await pkg.setText("report/figures.pdf", pdf());
  await pkg.setBytes("tone.wav", tone());
  pkg.setMeta({ source: "vega-datasets", years: [1970, 1982] }, "data");
  await pkg.setText("explore.ipynb", notebook(readFileSync(join(data, "7zip.png"))));
  const summary = [
    { path: "charts/stocks.vl.json", title: "Prices of stocks", description: "Monthly, in **dollars**" },
    [
      { path: "charts/cars.vl.json", width: "60%", types: ["vega"] },
      { path: "data/stocks.csv", types: ["perspective"] },
    ],
  ];
  await pkg.setText("quilt_summarize.json", JSON.stringify(summary));
  return pkg.push("demo/rich", registry, { message: "One of each" });
}

function chart(url: string, mark: string, [x, y]: readonly [string, string]): string {
  const $schema = "https://vega.github.io/schema/vega-lite/v6.json";
  const type = mark === "line" ? "temporal" : "quantitative";
  const encoding = { x: { field: x, type }, y: { field: y, type: "quantitative" } };
  return JSON.stringify({ $schema, data: { url }, mark, width: 480, height: 240, encoding });
}

const REPORT = `<!doctype html><html lang="en"><title>Report</title><link rel="stylesheet" href="style.css">
<h1>Report</h1><p>Lines: <b id="lines">none</b></p><script src="app.js"></script></html>`;

const APP = `fetch("../data/stocks.csv").then(async (answer) => {
  document.getElementById("lines").textContent = (await answer.text()).trim().split("\\n").length;
});`;

/** Two seconds of 440 Hz. */
function tone(): Uint8Array {
  const [rate, seconds] = [8000, 2];
  const wave = Buffer.alloc(44 + rate * seconds * 2);
  wave.write("RIFF\0\0\0\0WAVEfmt ", "latin1");
  wave.writeUInt32LE(wave.length - 8, 4);
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, rate * 2],
    [40, wave.length - 44],
  ] as const)
    wave.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    wave.writeUInt16LE(value, at);
  wave.write("data", 36, "latin1");
  for (let i = 0; i < rate * seconds; i++) {
    wave.writeInt16LE(Math.round(9000 * Math.sin((i / rate) * 880 * Math.PI)), 44 + i * 2);
  }
  return wave;
}

/** Two pages with a word on each. */
function pdf(): string {
  const page = (content: number): string =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 300] /Contents ${content} 0 R /Resources << /Font << /F1 5 0 R >> >> >>`;
  const stream = (text: string): string => `<< /Length ${text.length} >>\nstream\n${text}\nendstream`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>",
    page(4),
    stream("BT /F1 28 Tf 40 220 Td (Quarterly figures) Tj ET"),
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    page(7),
    stream("BT /F1 20 Tf 40 220 Td (Page two) Tj ET"),
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join("")}`;
  return `${text}${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
}

function notebook(picture: Buffer): string {
  const code = (count: number, source: string, ...outputs: unknown[]): unknown => {
    return { cell_type: "code", metadata: {}, execution_count: count, source, outputs };
  };
  const shown = (data: unknown): unknown => ({ output_type: "display_data", metadata: {}, data });
  const html = "<table><tr><th></th><th>symbol</th></tr><tr><th>0</th><td>MSFT &amp; co</td></tr></table>";
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { language: "python", name: "python3", display_name: "Python 3" } },
    cells: [
      { cell_type: "markdown", metadata: {}, source: ["# Explore\n", "Some *words*."] },
      code(1, "import pandas as pd\npd.read_csv('data/stocks.csv').head(1)", shown({ "text/html": html })),
      code(
        2,
        "print('hello')\n1 / 0",
        { output_type: "stream", name: "stdout", text: "hello\n" },
        { output_type: "error", ename: "E", evalue: "x", traceback: ["\u001b[0;31mZeroDivisionError\u001b[0m: x"] },
      ),
      code(3, "plot()", shown({ "image/png": picture.toString("base64") })),
    ],
  });
}
