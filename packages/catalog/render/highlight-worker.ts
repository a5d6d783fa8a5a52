import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import julia from "highlight.js/lib/languages/julia";
import latex from "highlight.js/lib/languages/latex";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import r from "highlight.js/lib/languages/r";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import type { Token } from "./highlight.js";

const LANGUAGES = {
  bash,
  cpp,
  css,
  diff,
  go,
  ini,
  java,
  javascript,
  json,
  julia,
  latex,
  markdown,
  python,
  r,
  ruby,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

/** What highlight.js finds in a text: pieces in pieces. */
interface Node {
  readonly scope?: string;
  readonly children: readonly (Node | string)[];
}

self.addEventListener("message", ({ data }: MessageEvent<{ readonly language: string; readonly text: string }>) => {
  const { _emitter } = hljs.highlight(data.text, { language: data.language, ignoreIllegals: true });
  self.postMessage(linesOf((_emitter as unknown as { readonly rootNode: Node }).rootNode));
});

/** The pieces line by line, so that each line can be shown alone. */
function linesOf(root: Node): Token[][] {
  const lines: Token[][] = [[]];
  const add = (node: Node | string, scope: string): void => {
    if (typeof node !== "string") {
      const inner = node.scope?.split(".")[0] ?? scope;
      for (const child of node.children) add(child, inner);
      return;
    }
    for (const [i, text] of node.split("\n").entries()) {
      if (i > 0) lines.push([]);
      if (text !== "") lines.at(-1)?.push([scope, text]);
    }
  };
  add(root, "");
  return lines;
}
