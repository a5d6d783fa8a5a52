import type { ComponentType } from "preact";

/** A file that is to be shown. */
export interface PreviewFile {
  readonly path: string;
  /** Bytes; 0 where it is not known. */
  readonly size: number;
  /** Address of its bytes. */
  readonly raw: string;
  /** Address that takes statements in SQL on it. */
  readonly sql: string;
  /** Address that describes all rows of it, if it is a table. */
  readonly profile: string;
  /** Address of another file's bytes in the same revision. */
  readonly rawOf: (path: string) => string;
  /** Address of another file's page in the same revision. */
  readonly hrefOf: (path: string) => string;
}

/** What a renderer is given. */
export interface PreviewProps {
  readonly file: PreviewFile;
}

/** A way to show files. */
export interface Preview {
  readonly id: string;
  readonly label: string;
  /** Names that it fits best. */
  readonly pattern: RegExp;
  /** Where the name alone does not tell: how such files begin. */
  readonly beginning?: RegExp;
  /** Offered for every file. */
  readonly isForAll?: boolean;
  readonly load: () => Promise<{ readonly View: ComponentType<PreviewProps> }>;
}

/** Names of files that are text. */
export const TEXT_NAMES =
  /(?:\.(?:txt|log|py|ts|tsx|js|jsx|mjs|cjs|css|html?|xml|svg|yml|yaml|toml|ini|cfg|conf|sh|bash|zsh|r|jl|c|h|cc|cpp|hpp|java|go|rs|rb|php|sql|lua|pl|swift|kt|scala|tex|bib|rst|json|ipynb|jsonl|ndjson|csv|tsv|md|markdown|diff|patch)|(?:^|\/)(?:readme|license|makefile|dockerfile|\.gitignore|\.quiltignore))$/i;

/** All ways to show files; of those that fit a name, the first is shown. A new kind is a line here and a file beside. */
export const PREVIEWS: readonly Preview[] = [
  {
    id: "image",
    label: "Image",
    pattern: /\.(?:png|jpe?g|gif|webp|avif|bmp|ico|svg)$/i,
    load: () => import("./image.js"),
  },
  {
    id: "media",
    label: "Player",
    pattern: /\.(?:mp4|m4v|webm|ogv|mov|mp3|m4a|aac|ogg|oga|opus|flac|wav)$/i,
    load: () => import("./media.js"),
  },
  { id: "pdf", label: "Pages", pattern: /\.pdf$/i, load: () => import("./pdf.js") },
  { id: "html", label: "Page", pattern: /\.html?$/i, load: () => import("./html.js") },
  { id: "notebook", label: "Notebook", pattern: /\.ipynb$/i, load: () => import("./notebook.js") },
  {
    id: "chart",
    label: "Chart",
    pattern: /\.(?:json|vg|vl)$/i,
    beginning: /"\$schema"\s*:\s*"https?:\/\/vega\.github\.io\/schema\/vega/,
    load: () => import("./chart.js"),
  },
  { id: "markdown", label: "Rendered", pattern: /\.(?:md|markdown)$/i, load: () => import("./markdown.js") },
  { id: "parquet", label: "Table", pattern: /\.(?:parquet|pq)$/i, load: () => import("./parquet.js") },
  { id: "table", label: "Table", pattern: /\.(?:csv|tsv|tab|jsonl|ndjson)$/i, load: () => import("./table.js") },
  {
    id: "sql",
    label: "SQL",
    pattern: /\.(?:parquet|pq|csv|tsv|tab|jsonl|ndjson)$/i,
    load: () => import("./sql.js"),
  },
  { id: "json", label: "Tree", pattern: /\.(?:json|ipynb|geojson)$/i, load: () => import("./json.js") },
  { id: "text", label: "Text", pattern: TEXT_NAMES, isForAll: true, load: () => import("./text.js") },
  {
    id: "hex",
    label: "Bytes",
    pattern: /\.(?:bin|dat|exe|so|npy|npz|pkl|pt)$/i,
    isForAll: true,
    load: () => import("./hex.js"),
  },
];

/** Words in Markdown about a file. */
export const DESCRIPTION = async (): Promise<ComponentType<{ readonly text: string; readonly file: PreviewFile }>> =>
  (await import("./description.js")).Description;
