// Finds the code that the documentation shows: the `sh`, `ts` and `py` blocks of the README and of all pages below docs, and the
// examples in the docstrings of the package's declarations.
import { readdirSync, readFileSync } from "node:fs";

/** Pages with their blocks, which belong together; the reference repeats the docstrings. */
export function pages() {
  const docs = readdirSync("docs", { recursive: true, encoding: "utf8" });
  const paths = docs
    .filter((path) => path.endsWith(".md") && !path.startsWith("reference"))
    .map((path) => `docs/${path}`);
  return ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...paths].map((path) => ({
    path,
    blocks: blocksOf(readFileSync(path, "utf8")),
  }));
}

/** Examples, each of which stands alone. */
export function examples(declarations) {
  const comments = readFileSync(declarations, "utf8").match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  return comments
    .filter((comment) => comment.includes("@example"))
    .flatMap((comment) => {
      const text = comment.replace(/^ *\* ?/gm, "");
      return blocksOf(text.slice(text.indexOf("@example")));
    });
}

function blocksOf(text) {
  return Array.from(text.matchAll(/^```(sh|ts|py)\n([\s\S]*?)^```/gm), ([, language, code]) => ({ language, code }));
}
