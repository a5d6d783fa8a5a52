/** What `quilt_summarize.json` says of one file. */
export interface SummaryItem {
  readonly path: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** Share of a row, or pixels, as it is written: `60%`, `400px`. */
  readonly width: string | undefined;
  /** Id of the preview that it asks for; `undefined`: what fits the name. */
  readonly preview: string | undefined;
}

/** Its names of previews, and ours. */
const PREVIEWS: ReadonlyMap<string, string> = new Map(
  Object.entries({ vega: "chart", json: "json", jupyter: "notebook", html: "html", text: "text" }),
);
/** Files that are shown; nobody reads more on one page. */
const MOST = 100;

/** Reads the file: a list of which each member is a file, or a list of files beside each other. `undefined`: it is none. */
export function readSummary(json: unknown): readonly (readonly SummaryItem[])[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const rows = json.map((row: unknown) => (Array.isArray(row) ? row : [row]).flatMap(itemOf));
  return rows.filter((row) => row.length > 0).slice(0, MOST);
}

function itemOf(value: unknown): SummaryItem[] {
  if (typeof value === "string") return itemOf({ path: value });
  if (value === null || typeof value !== "object") return [];
  const { path, title, description, width, types } = value as Readonly<Record<string, unknown>>;
  if (typeof path !== "string" || path === "") return [];
  const wanted = Array.isArray(types) ? types.map(previewOf).find((id) => id !== undefined) : undefined;
  return [{ path, title: textOf(title), description: textOf(description), width: widthOf(width), preview: wanted }];
}

function previewOf(type: unknown): string | undefined {
  const name = typeof type === "string" ? type : (type as { readonly name?: unknown } | null)?.name;
  return typeof name === "string" ? PREVIEWS.get(name) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function widthOf(value: unknown): string | undefined {
  if (typeof value === "number" && value > 0) return `${value}px`;
  return typeof value === "string" && /^\d{1,4}(?:\.\d+)?(?:%|px)$/.test(value) ? value : undefined;
}
