import { decodeEntities } from "../markdown/entities.js";

/** Something that a cell of code gave. */
export type Output =
  | { readonly kind: "stream"; readonly text: string; readonly isError: boolean }
  | { readonly kind: "error"; readonly text: string }
  | { readonly kind: "picture"; readonly url: string }
  | { readonly kind: "table"; readonly rows: readonly (readonly string[])[]; readonly heads: number }
  | { readonly kind: "markdown" | "text"; readonly text: string }
  | { readonly kind: "json"; readonly value: unknown }
  /** Of a kind that is not shown, with what the notebook gives in its place. */
  | { readonly kind: "withheld"; readonly type: string; readonly text: string };

/** A cell of a notebook. */
export interface Cell {
  readonly kind: "markdown" | "code" | "raw";
  readonly text: string;
  readonly count: number | null;
  readonly outputs: readonly Output[];
}

/** What a notebook is. */
export interface Notebook {
  /** Ending of files in its language, with a dot. */
  readonly extension: string;
  readonly language: string;
  readonly cells: readonly Cell[];
}

type Json = Readonly<Record<string, unknown>>;

/** Reads a notebook of version 3 or 4; `undefined` for JSON that is none. */
export function readNotebook(json: unknown): Notebook | undefined {
  const root = objectOf(json);
  const sheets = listOf(root["worksheets"]).map(objectOf);
  const cells = Array.isArray(root["cells"]) ? root["cells"] : sheets.flatMap((sheet) => listOf(sheet["cells"]));
  if (!Array.isArray(root["cells"]) && sheets.length === 0) return undefined;
  const meta = objectOf(root["metadata"]);
  const info = objectOf(meta["language_info"]);
  const language = textOf(info["name"]) || textOf(objectOf(meta["kernelspec"])["language"]) || "python";
  const extension = textOf(info["file_extension"]) || (language === "python" ? ".py" : `.${language}`);
  return { language, extension, cells: cells.map((cell) => readCell(objectOf(cell))) };
}

function readCell(cell: Json): Cell {
  const type = textOf(cell["cell_type"]);
  const text = textOf(cell["source"] ?? cell["input"]);
  if (type === "heading") return { kind: "markdown", text: `# ${text}`, count: null, outputs: [] };
  const count = cell["execution_count"] ?? cell["prompt_number"];
  return {
    kind: type === "code" || type === "markdown" ? type : "raw",
    text,
    count: typeof count === "number" ? count : null,
    outputs: listOf(cell["outputs"]).map((output) => readOutput(objectOf(output))),
  };
}

function readOutput(output: Json): Output {
  const type = textOf(output["output_type"]);
  if (type === "stream") {
    return { kind: "stream", text: textOf(output["text"]), isError: (output["name"] ?? output["stream"]) === "stderr" };
  }
  if (type === "error" || type === "pyerr") {
    const trace = listOf(output["traceback"]).map(textOf).join("\n");
    return { kind: "error", text: trace || `${textOf(output["ename"])}: ${textOf(output["evalue"])}` };
  }
  return bestOf("data" in output ? objectOf(output["data"]) : oldData(output));
}

/** Version 3 had short names beside each other. */
function oldData(output: Json): Json {
  const names = { png: "image/png", jpeg: "image/jpeg", svg: "image/svg+xml", html: "text/html", text: "text/plain" };
  return Object.fromEntries(
    Object.entries(names).flatMap(([short, type]) => (short in output ? [[type, output[short]]] : [])),
  );
}

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** The form of an output that says most, of those that are shown without running a stranger's page. */
function bestOf(data: Json): Output {
  const picture = PICTURES.find((type) => type in data);
  if (picture !== undefined) {
    const bytes = textOf(data[picture]).replace(/\s+/g, "");
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(bytes)) return { kind: "withheld", type: picture, text: "" };
    return { kind: "picture", url: `data:${picture};base64,${bytes}` };
  }
  if ("image/svg+xml" in data) {
    // As a picture it runs nothing and loads nothing.
    const drawing = textOf(data["image/svg+xml"]).replace(/\p{Surrogate}/gu, "\ufffd");
    return { kind: "picture", url: `data:image/svg+xml,${encodeURIComponent(drawing)}` };
  }
  const plain = textOf(data["text/plain"]);
  if ("text/html" in data) {
    const rows = tableOf(textOf(data["text/html"]));
    return rows === undefined ? { kind: "withheld", type: "text/html", text: plain } : rows;
  }
  if ("text/markdown" in data) return { kind: "markdown", text: textOf(data["text/markdown"]) };
  if ("application/json" in data) return { kind: "json", value: data["application/json"] };
  const other = Object.keys(data).find((type) => type !== "text/plain");
  return other === undefined ? { kind: "text", text: plain } : { kind: "withheld", type: other, text: plain };
}

/** Rows of a table that are shown. */
const MOST_ROWS = 200;

/** Longer HTML is taken for a page: a table of which 200 rows are shown is shorter. */
const LONGEST_TABLE = 4 << 20;

/** The cells of the one table in a text of HTML, as text; `undefined` where there is none. No HTML is made of it. */
function tableOf(html: string): Output | undefined {
  if (html.length > LONGEST_TABLE || !/<table\b/i.test(html)) return undefined;
  const shown = html.replace(/<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, "");
  const lines = shown.split(/<tr\b[^<>]*>/i).slice(1, MOST_ROWS + 2);
  const rows = lines.map((line) =>
    line
      .split(/<\/tr\s*>/i)[0]
      ?.split(/<t[hd]\b[^<>]*>/i)
      .slice(1)
      .map((cell) => decodeEntities(cell.replace(/<[^<>]*>/g, "")).trim()),
  );
  let heads = 0;
  while (/<th\b/i.test(lines[heads] ?? "") && !/<td\b/i.test(lines[heads] ?? "")) heads++;
  return { kind: "table", rows: rows.map((row) => row ?? []), heads };
}

function objectOf(value: unknown): Json {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Notebooks keep texts as one string or as a list of lines. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.filter((line) => typeof line === "string").join("") : "";
}
