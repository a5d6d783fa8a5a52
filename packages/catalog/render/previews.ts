import type { ComponentType } from "preact";

/** A file that is to be shown. */
export interface PreviewFile {
  readonly path: string;
  /** Bytes; 0 where it is not known. */
  readonly size: number;
  /** Address of its bytes. */
  readonly raw: string;
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
  /** Offered for every file. */
  readonly isForAll?: boolean;
  readonly load: () => Promise<{ readonly View: ComponentType<PreviewProps> }>;
}

const CODE =
  /(?:\.(?:txt|log|py|ts|tsx|js|jsx|mjs|cjs|css|html?|xml|svg|yml|yaml|toml|ini|cfg|conf|sh|bash|zsh|r|jl|c|h|cc|cpp|hpp|java|go|rs|rb|php|sql|lua|pl|swift|kt|scala|tex|bib|rst|json|ipynb|jsonl|ndjson|csv|tsv|md|markdown|diff|patch)|(?:^|\/)(?:readme|license|makefile|dockerfile|\.gitignore|\.quiltignore))$/i;

/** All ways to show files; of those that fit a name, the first is shown. A new kind is a line here and a file beside. */
export const PREVIEWS: readonly Preview[] = [
  {
    id: "image",
    label: "Image",
    pattern: /\.(?:png|jpe?g|gif|webp|avif|bmp|ico|svg)$/i,
    load: () => import("./image.js"),
  },
  { id: "markdown", label: "Rendered", pattern: /\.(?:md|markdown)$/i, load: () => import("./markdown.js") },
  { id: "parquet", label: "Table", pattern: /\.(?:parquet|pq)$/i, load: () => import("./parquet.js") },
  { id: "table", label: "Table", pattern: /\.(?:csv|tsv|tab|jsonl|ndjson)$/i, load: () => import("./table.js") },
  { id: "json", label: "Tree", pattern: /\.(?:json|ipynb|geojson)$/i, load: () => import("./json.js") },
  { id: "text", label: "Text", pattern: CODE, isForAll: true, load: () => import("./text.js") },
  {
    id: "hex",
    label: "Bytes",
    pattern: /\.(?:bin|dat|exe|so|npy|npz|pkl|pt)$/i,
    isForAll: true,
    load: () => import("./hex.js"),
  },
];
