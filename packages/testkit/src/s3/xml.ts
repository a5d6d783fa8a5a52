import { XMLParser } from "fast-xml-parser";
import { S3Error } from "./s3-error.js";

/** An element's content: text, elements in order, one element per array item, or nothing at all (`undefined`). */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent };

/** Elements of a document that was read; every element is an array of what stood there, text is a string. */
export type XmlNode = string | { readonly [name: string]: readonly XmlNode[] | undefined };

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};
const encoder = new TextEncoder();

function element(name: string, content: XmlContent): string {
  if (content === undefined) return "";
  if (Array.isArray(content)) return content.map((item: XmlContent) => element(name, item)).join("");
  if (typeof content === "object") return `<${name}>${elements(content as Record<string, XmlContent>)}</${name}>`;
  const text = String(content).replace(/[&<>"\r]/g, (char) => ESCAPES[char] as string);
  return text === "" ? `<${name}/>` : `<${name}>${text}</${name}>`;
}

function elements(content: { readonly [name: string]: XmlContent }): string {
  return Object.entries(content)
    .map(([name, inner]) => element(name, inner))
    .join("");
}

/** Writes a document in the namespace of S3's answers (errors have none). */
export function writeXml(root: string, content: { readonly [name: string]: XmlContent }): Uint8Array {
  const namespace = root === "Error" ? "" : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return encoder.encode(`<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${elements(content)}</${root}>`);
}

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: () => true,
});

/**
 * Reads a request's document and returns its root element.
 *
 * @throws {@link S3Error} `MalformedXML` when it is not XML or has another root.
 */
export function readXml(body: Uint8Array, root: string): XmlNode {
  try {
    const document = parser.parse(Buffer.from(body).toString(), true) as Record<string, readonly XmlNode[]>;
    const node = document[root]?.[0];
    if (node !== undefined) return node;
  } catch {
    // Answered below like any other document that is not what it should be.
  }
  throw new S3Error(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
}

/** The child elements of one name. */
export function children(node: XmlNode, name: string): readonly XmlNode[] {
  return typeof node === "string" ? [] : (node[name] ?? []);
}

/** The text of the first child element of one name, if there is one. */
export function childText(node: XmlNode, name: string): string | undefined {
  const child = children(node, name)[0];
  if (child === undefined) return undefined;
  return typeof child === "string" ? child : "";
}
