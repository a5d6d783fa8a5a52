import { SaxesParser } from "saxes";

/** An element of an answer's document: its text, and its children by name, in order. */
export interface Element {
  readonly text: string;
  readonly children: Readonly<Record<string, readonly Element[]>>;
}

/** S3's documents are three levels deep. */
const MAX_DEPTH = 8;

interface OpenElement {
  text: string;
  readonly children: Record<string, OpenElement[]>;
}

const open = (): OpenElement => ({ text: "", children: Object.create(null) as Record<string, OpenElement[]> });

/**
 * Reads an XML document; the result's only child is its root.
 *
 * @throws Error when it is not well-formed, has a DOCTYPE or is nested deeper than S3's documents are.
 */
export function readDocument(bytes: Uint8Array): Element {
  const stack: OpenElement[] = [open()];
  const parser = new SaxesParser();
  parser.on("doctype", () => {
    throw new Error("the document has a DOCTYPE");
  });
  parser.on("opentag", ({ name }) => {
    if (stack.length > MAX_DEPTH) throw new Error("the document is nested too deeply");
    const element = open();
    const { children } = stack.at(-1) as OpenElement;
    children[name] ??= [];
    children[name].push(element);
    stack.push(element);
  });
  parser.on("text", (text) => {
    (stack.at(-1) as OpenElement).text += text;
  });
  parser.on("cdata", (text) => {
    (stack.at(-1) as OpenElement).text += text;
  });
  parser.on("closetag", () => void stack.pop());
  parser.write(new TextDecoder().decode(bytes)).close();
  return stack[0] as Element;
}

/** The first child of a name. */
export function childOf(element: Element | undefined, name: string): Element | undefined {
  return element?.children[name]?.[0];
}

/** The text of the first child of a name; empty when there is none. */
export function textOf(element: Element | undefined, name: string): string {
  return childOf(element, name)?.text ?? "";
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as it stands in a document. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ESCAPES[char] as string);
}
