import type { SkippedPath } from "t4";
import { counted } from "./render.js";
import { joined, type Shown, shown } from "./shown.js";

/** What stays behind because no package can hold it: who installs the package would else miss it unwarned. */
export function skippedLines(
  skipped: readonly SkippedPath[],
  { isNamed, nameOf }: { readonly isNamed: boolean; readonly nameOf: (path: string) => string },
): Shown {
  if (skipped.length === 0) return shown``;
  const kinds = [...new Set(skipped.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => {
    const count = skipped.filter((one) => one.kind === kind).length;
    return counted(count, kind, PLURALS[kind]);
  });
  const names = isNamed ? skipped.map(({ path, kind }) => shown`  ${nameOf(path)} (${kind})\n`) : [];
  return joined([shown`Left out: ${counts.join(", ")}${isNamed ? "" : "; -v names them"}.\n`, ...names]);
}

const PLURALS: Readonly<Record<SkippedPath["kind"], string>> = {
  "link to a directory": "links to directories",
  "broken link": "broken links",
  "empty directory": "empty directories",
  "special file": "special files",
  "guarded name": "guarded names such as .git",
};
