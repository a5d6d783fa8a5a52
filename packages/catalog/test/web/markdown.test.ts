import { describe, expect, it } from "vitest";
import { decodeEntities } from "../../render/markdown/entities.js";

describe("entities in Markdown", () => {
  it.each([
    ["a &amp; b &lt;&gt;&quot;", 'a & b <>"'],
    ["&#65;&#x42;&#128512;", "AB😀"],
    ["&unknown; &#0; &#x110000; &;", "&unknown; &#0; &#x110000; &;"],
    ["&amp;lt;", "&lt;"],
  ])("%j are %j", (text, decoded) => expect(decodeEntities(text)).toBe(decoded));
});
