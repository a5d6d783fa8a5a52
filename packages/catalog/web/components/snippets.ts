/** What snippets are about. */
export interface SnippetTarget {
  /** As one writes it: a path, or `local`. */
  readonly location: string;
  readonly url: string;
  readonly name: string;
  readonly topHash: string;
  /** One file; absent: the whole revision. */
  readonly path?: string;
}

/** Code that gets just this, in one language. */
export interface Snippet {
  readonly id: "cli" | "typescript" | "python" | "duckdb";
  readonly label: string;
  /** Whether it makes sense there; absent: everywhere. */
  readonly fits?: (target: SnippetTarget) => boolean;
  readonly code: (target: SnippetTarget) => string;
}

/** The ways to use a revision or file elsewhere; each names the full top hash, so that it means the same for ever. */
export const SNIPPETS: readonly Snippet[] = [
  { id: "cli", label: "CLI", code: install },
  {
    id: "typescript",
    label: "TypeScript",
    code({ location, name, topHash, path }) {
      const options = `registry: ${literal(location)},\n  topHash: ${literal(topHash)},`;
      const opened = `import { Package } from "t4";\n\nconst pkg = await Package.browse(${literal(name)}, {\n  ${options}\n});\n`;
      if (path === undefined)
        return `${opened}for (const [path, entry] of pkg.walk()) {\n  console.log(path, entry.size);\n}`;
      return `${opened}const bytes = await pkg.entry(${literal(path)}).bytes();`;
    },
  },
  {
    id: "python",
    label: "Python",
    code({ url, name, topHash, path }) {
      const opened = `import quilt3\n\npkg = quilt3.Package.browse(\n    ${literal(name)},\n    registry=${literal(url)},\n    top_hash=${literal(topHash)},\n)`;
      return path === undefined ? opened : `${opened}\ndata = pkg[${literal(path)}].get_bytes()`;
    },
  },
  {
    id: "duckdb",
    label: "DuckDB",
    fits: ({ path = "" }) => readerOf(path) !== undefined,
    // DuckDB reads no registry: the file is installed and verified first.
    code(target) {
      const { path = "" } = target;
      const file = path.slice(path.lastIndexOf("/") + 1).replaceAll(/[*?[]/g, "[$&]");
      const query = `SELECT * FROM ${readerOf(path)}('${file.replaceAll("'", "''")}') LIMIT 10`;
      return `${install(target)}\nduckdb -c ${shell(query)}`;
    },
  },
];

/** The command that publishes a directory as the next revision of a package. */
export function pushCommand(
  { location, name }: Pick<SnippetTarget, "location" | "name">,
  more = '-m "What changed"',
): string {
  return `t4 push ${shell(name)} ./data ${shell(location === "" ? "./registry" : location)} ${more}`;
}

/** The line that gets a revision or one of its files. */
function install({ location, name, topHash, path }: SnippetTarget): string {
  const dest = path === undefined ? `./${name.split("/")[1]}` : ".";
  const only = path === undefined ? "" : ` \\\n  --path ${shell(path)}`;
  return `t4 install ${shell(`${name}@${topHash}`)} \\\n  --registry ${shell(location)}${only} \\\n  --dest ${shell(dest)}`;
}

const READERS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\.(?:parquet|pq)$/i, "read_parquet"],
  [/\.(?:csv|tsv|tab)$/i, "read_csv"],
  [/\.(?:jsonl|ndjson)$/i, "read_json"],
];

/** DuckDB's function that reads a file as a table; `undefined` where it has none. */
function readerOf(path: string): string | undefined {
  return READERS.find(([pattern]) => pattern.test(path))?.[1];
}

/** A string as TypeScript and Python write it; both read what JSON escapes. */
function literal(text: string): string {
  return JSON.stringify(text);
}

/** A word of a POSIX shell; quoted where it must be. */
function shell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
