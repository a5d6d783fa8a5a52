import type { PreviewFile } from "../previews.js";
import { decodeEntities } from "./entities.js";
import { Picture } from "./links.js";

/** What stands between tags that are no text. */
const NO_TEXT = /<(script|style|template|iframe|noscript)\b[\s\S]*?(?:<\/\1\s*>|$)|<!--[\s\S]*?(?:-->|$)/gi;
const TAG = /<\/?[a-z][^<>]*>/gi;

/** HTML inside Markdown: its text, its line breaks and its pictures; all other tags are left out. */
export function Html({ text, file }: { readonly text: string; readonly file: PreviewFile }) {
  const shown = text.replace(NO_TEXT, "");
  const words = shown.split(TAG);
  const tags = [...(shown.match(TAG) ?? []), ""];
  return (
    <>
      {words.map((word, i) => (
        <Piece key={i} word={word} tag={tags[i] ?? ""} file={file} />
      ))}
    </>
  );
}

function Piece({ word, tag, file }: { readonly word: string; readonly tag: string; readonly file: PreviewFile }) {
  return (
    <>
      {decodeEntities(word)}
      {/^<br\b/i.test(tag) ? <br /> : null}
      {/^<hr\b/i.test(tag) ? <hr /> : null}
      {/^<img\b/i.test(tag) ? <Picture source={attribute(tag, "src")} alt={attribute(tag, "alt")} file={file} /> : null}
    </>
  );
}

function attribute(tag: string, name: string): string {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(tag);
  return decodeEntities(found?.[1] ?? found?.[2] ?? found?.[3] ?? "");
}
