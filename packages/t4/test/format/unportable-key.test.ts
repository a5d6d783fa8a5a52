import { describe, expect, it } from "vitest";
import { unportableKeys } from "#t4/format/unportable-key.js";

describe("unportableKeys", () => {
  it("tells where a key can be no file, and why", () => {
    const found = unportableKeys(["fine.csv", "a\\b.txt", "notes/aux.txt", "what?.txt", "Zürich.csv"]);
    expect(found).toEqual([
      { logicalKey: "a\\b.txt", on: "any system", reason: "it has a backslash" },
      { logicalKey: "notes/aux.txt", on: "Windows", reason: "'aux.txt' is a device on Windows" },
      { logicalKey: "what?.txt", on: "Windows", reason: `Windows allows none of < > : " | ? * in 'what?.txt'` },
    ]);
  });

  it("tells of two keys that are one file where names fold, also when only one of them is judged", () => {
    const pair = ["readme.md", "README.md"];
    expect(unportableKeys(pair.values()).map(({ logicalKey }) => logicalKey)).toEqual(pair);
    expect(unportableKeys(["caf\u00e9"], ["cafe\u0301", "caf\u00e9", "other"])).toEqual([
      { logicalKey: "caf\u00e9", on: "Windows and macOS", reason: 'it is one file with "cafe\u0301"' },
    ]);
    expect(unportableKeys(["other"], ["README.md", "readme.md", "other"])).toEqual([]);
  });
});
