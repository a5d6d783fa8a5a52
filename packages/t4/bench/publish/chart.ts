import type { RunRecord } from "../run/record.js";
import { type Comparison, comparisons, inWords, overLimit } from "./comparison.js";

const [WIDTH, HEIGHT] = [92, 30];
/** Where the fields begin, behind the names and the limits. */
const [LEFT, TOP] = [230, 78];
/** Blue and orange differ for all eyes. */
const [FASTER, SLOWER, EQUAL, NONE] = ["#2166ac", "#d95f02", "#f2f2f2", "#ffffff"];

/** A field of colours as SVG: a row for each flow, a column for each tool. */
export function renderChart({ results }: RunRecord): string {
  const cells = results.map(comparisons);
  const limits = results.map((result) => `${overLimit(result).toFixed(1)}×`);
  const tools = [...new Set(cells.flat().map(({ other }) => other))];
  const [width, height] = [LEFT + tools.length * WIDTH + 10, TOP + results.length * HEIGHT + 16];
  const heads = tools.map((tool, i) => text(LEFT + (i + 0.5) * WIDTH, TOP - 10, { label: tool, isBold: true }));
  const rows = results.flatMap(({ name }, row) => [
    text(LEFT - 90, TOP + (row + 0.63) * HEIGHT, { label: name, anchor: "end" }),
    text(LEFT - 20, TOP + (row + 0.63) * HEIGHT, { label: limits[row] ?? "", anchor: "end", fill: "#666666" }),
    ...tools.map((tool, column) => {
      const found = cells[row]?.find(({ other }) => other === tool);
      return cell(found, { x: LEFT + column * WIDTH, y: TOP + row * HEIGHT });
    }),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" role="img" aria-label="T4's time beside other tools">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(20, 22, {
      label: "T4 beside other tools: how many times faster or slower T4 is",
      anchor: "start",
      isBold: true,
    }),
    text(20, 42, {
      label:
        "blue: T4 is faster; orange: T4 is slower; –: the tool has no such thing; over limit: T4's time over that of the bare work",
      anchor: "start",
    }),
    text(LEFT - 20, TOP - 10, { label: "over limit", anchor: "end", fill: "#666666" }),
    ...heads,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

interface Label {
  readonly label: string;
  readonly anchor?: "start" | "middle" | "end";
  readonly isBold?: boolean;
  readonly fill?: string;
}

function text(x: number, y: number, { label, anchor = "middle", isBold = false, fill = "#222222" }: Label): string {
  const weight = isBold ? ' font-weight="bold"' : "";
  return `<text x="${x}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${fill}"${weight}>${label}</text>`;
}

function cell(found: Comparison | undefined, { x, y }: { readonly x: number; readonly y: number }): string {
  const factor = found?.factor;
  const [fill, opacity] = factor === undefined ? [NONE, 1] : colourOf(factor);
  const label = factor === undefined ? "–" : inWords(factor).replace(" x", "×");
  const ink = opacity > 0.7 ? "#ffffff" : "#222222";
  const box = `<rect x="${x + 1}" y="${y + 1}" width="${WIDTH - 2}" height="${HEIGHT - 2}" rx="3" fill="${fill}" fill-opacity="${opacity.toFixed(2)}"/>`;
  return box + text(x + WIDTH / 2, y + HEIGHT * 0.63, { label, fill: factor === undefined ? "#999999" : ink });
}

/** The more, the darker: full at 30 times. */
function colourOf(factor: number): readonly [fill: string, opacity: number] {
  const times = Math.max(factor, 1 / factor);
  if (inWords(factor) === "equal") return [EQUAL, 1 / 2];
  return [factor > 1 ? FASTER : SLOWER, 0.2 + 0.8 * Math.min(1, Math.log(times) / Math.log(30))];
}
