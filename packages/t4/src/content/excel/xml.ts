import { badTable } from "../table-error.js";
import { decodeChunks } from "../text.js";

/** An element's attributes, and its local name. */
export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Told of what stands in a document, in order. */
export interface XmlHandler {
  readonly open?: (tag: Tag) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

/** Characters between two tags. */
const MOST_OF_TEXT = 32 << 20;
/** Attributes of one tag: all are in memory at once. */
const MOST_ATTRIBUTES = 1000;

/** Reads a document piece by piece; yields after each, so that what the handler collected can be passed on. */
export async function* readXml(
  chunks: AsyncIterable<Uint8Array>,
  { path, open, text, close }: XmlHandler & { readonly path: string },
): AsyncGenerator<void, void, undefined> {
  const { SaxesParser } = await import("saxes");
  const parser = new SaxesParser();
  let sinceTag = 0;
  let attributesInTag = 0;
  parser.on("error", (error) => {
    throw badTable(path, error.message, error);
  });
  parser.on("attribute", () => {
    if (++attributesInTag > MOST_ATTRIBUTES)
      throw badTable(path, `a tag of it has more than ${MOST_ATTRIBUTES} attributes`);
  });
  parser.on("opentag", ({ name, attributes }) => {
    sinceTag = 0;
    attributesInTag = 0;
    open?.({ name: localName(name), attributes });
  });
  parser.on("closetag", ({ name }) => {
    sinceTag = 0;
    close?.(localName(name));
  });
  if (text !== undefined) parser.on("text", text);
  for await (const chunk of decodeChunks(chunks, path)) {
    sinceTag += chunk.length;
    if (sinceTag > MOST_OF_TEXT) throw badTable(path, `a text of it is longer than ${MOST_OF_TEXT} characters`);
    parser.write(chunk);
    yield;
  }
  parser.close();
}

/** Reads a document to its end. */
export async function readWholeXml(
  chunks: AsyncIterable<Uint8Array>,
  handler: XmlHandler & { readonly path: string },
): Promise<void> {
  for await (const _ of readXml(chunks, handler));
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
