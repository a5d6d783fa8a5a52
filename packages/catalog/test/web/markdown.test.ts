import type { Token } from "marked";
import { describe, expect, it } from "vitest";
import { decodeEntities } from "../../render/markdown/entities.js";
import { readMarkdown } from "../../render/markdown/read-markdown.js";

describe("entities in Markdown", () => {
  it.each([
    ["a &amp; b &lt;&gt;&quot;", 'a & b <>"'],
    ["&#65;&#x42;&#128512;", "AB😀"],
    ["&unknown; &#0; &#x110000; &;", "&unknown; &#0; &#x110000; &;"],
    ["&amp;lt;", "&lt;"],
  ])("%j are %j", (text, decoded) => expect(decodeEntities(text)).toBe(decoded));
});

describe("Markdown", () => {
  const depthOf = (tokens: readonly Token[]): number =>
    1 + Math.max(0, ...tokens.map((token) => ("tokens" in token && token.tokens ? depthOf(token.tokens) : 0)));

  it("is read as deep as anybody reads, and no deeper", () => {
    expect(depthOf(readMarkdown("> > **a**"))).toBe(5);
    expect(depthOf(readMarkdown(`${"> ".repeat(300)}end`))).toBe(41);
    const [list] = readMarkdown(Array.from({ length: 100 }, (_, i) => `${"  ".repeat(i)}- ${i}`).join("\n"));
    expect(JSON.stringify(list).match(/"type":"list"/g)).toHaveLength(40);
  });

  it("that is too deep to be read is shown as it is written", () => {
    const text = "> ".repeat(30_000);
    expect(readMarkdown(text)).toMatchObject([{ type: "code", text }]);
  });
});
