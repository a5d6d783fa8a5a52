import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareLogicalKeys, parseDirectoryKey, parseLogicalKey } from "#t4/format/logical-key.js";
import { parsePackageName } from "#t4/format/package-name.js";
import { fileUrl, formatPhysicalKey, parsePhysicalKey } from "#t4/format/physical-key.js";
import { encodePointer, isTimestampPointer, parseTag, readPointer } from "#t4/format/pointer.js";
import { foldKey, keyFault } from "#t4/format/portable-key.js";
import { parseReference } from "#t4/format/reference.js";
import { parseTopHash } from "#t4/format/top-hash.js";
import { fixUrl } from "#t4/format/user-url.js";

const part = fc.string({ unit: "binary", minLength: 1 }).filter((text) => !text.includes("/") && !/^\.\.?$/.test(text));
const key = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

function compareParts(a: string, b: string): number {
  const [x, y] = [a.split("/"), b.split("/")];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const order = Buffer.compare(Buffer.from(x[i] ?? ""), Buffer.from(y[i] ?? ""));
    if (order !== 0) return order;
  }
  return x.length - y.length;
}

describe("logical keys", () => {
  it("are ordered level by level, names by code point", () => {
    const wellFormed = key.filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(wellFormed, wellFormed, (a, b) => {
        expect(Math.sign(compareLogicalKeys(a, b))).toBe(Math.sign(compareParts(a, b)));
      }),
      {
        numRuns: 2000,
        examples: [
          ["a/x", "a b"],
          ["a b", "a-b"],
          ["\u{1f600}", "\uff5e"],
          ["a", "a/b"],
        ],
      },
    );
  });

  it("are accepted as they are, and directories without their slashes", () => {
    fc.assert(
      fc.property(key, (text) => {
        expect(parseLogicalKey(text)).toBe(text);
        expect(parseDirectoryKey(`/${text}//`)).toBe(text);
      }),
    );
  });

  it.each(["", "/", "/a", "a/", "a//b", ".", "a/./b", "..", "../a", "a/.."])("refuse %j", (text) => {
    expect(() => parseLogicalKey(text)).toThrow(/Invalid logical key/);
  });
});

describe("physical keys", () => {
  it("come back from their URL, whatever the key and version", () => {
    const s3 = fc.record({
      kind: fc.constant("s3" as const),
      bucket: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{2,20}$/),
      key: fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
      versionId: fc.option(
        fc.string({ unit: "binary", minLength: 1 }).filter((text) => text.isWellFormed()),
        {
          nil: undefined,
        },
      ),
    });
    fc.assert(
      fc.property(s3, (physicalKey) => {
        expect(parsePhysicalKey(formatPhysicalKey(physicalKey))).toEqual(physicalKey);
      }),
      { numRuns: 1000 },
    );
  });

  it("write paths so that Node, too, reads them back", () => {
    const path = key.filter((text) => text.isWellFormed() && !text.includes("\0")).map((text) => `/${text}`);
    fc.assert(
      fc.property(path, (text) => {
        expect(parsePhysicalKey(fileUrl(text))).toEqual({ kind: "file", path: text });
        expect(fileURLToPath(fileUrl(text), { windows: false })).toBe(text);
      }),
      { examples: [["/a b/é#?%.csv"]] },
    );
  });

  it("have Windows paths with their drive", () => {
    expect(fileUrl("C:\\data\\a b.csv")).toBe("file:///C:/data/a%20b.csv");
    expect(parsePhysicalKey("file:///C:/data/a%20b.csv")).toEqual({ kind: "file", path: "C:/data/a b.csv" });
  });
});

describe("what users type for a place", () => {
  it.each([
    ["C:\\data\\.\\x\\..\\a b", "file:///C:/data/a%20b"],
    ["D:/data//x/", "file:///D:/data/x/"],
    ["data", "file:///C:/work/data"],
    ["~/x", "file:///C:/Users/me/x"],
  ])("on Windows, %j", (typed, url) => {
    expect(fixUrl(typed, { cwd: "C:\\work", home: "C:\\Users\\me" })).toBe(url);
  });

  it.each([
    ["a\\b", "file:///work/a%5Cb"],
    ["./a/../b/", "file:///work/b/"],
    ["~", "file:///Users/me"],
    ["s3://bucket/a/../b", "s3://bucket/a/../b"],
  ])("elsewhere, %j", (typed, url) => expect(fixUrl(typed, { cwd: "/work", home: "/Users/me" })).toBe(url));
});

describe("names of files that a key may become", () => {
  it.each([
    ["../x", "posix"],
    ["a/../../x", "posix"],
    ["/etc/passwd", "posix"],
    ["a//b", "posix"],
    ["a\\..\\b", "posix"],
    ["a\0b", "posix"],
    [".git/hooks/post-checkout", "posix"],
    [".GIT/config", "posix"],
    [".g\u200cit/config", "posix"],
    [".g\u00adit/hooks/post-checkout", "posix"],
    [".s\u2060sh/authorized_keys", "posix"],
    [".g\ufe0fit/config", "posix"],
    [".g\u180bit/config", "posix"],
    [".g\u{e0100}it/config", "posix"],
    ["\u034f.ssh/authorized_keys", "posix"],
    ["GIT~1/config", "posix"],
    [".git::$INDEX_ALLOCATION/x", "posix"],
    [".git. ./x", "posix"],
    [".ssh/authorized_keys", "posix"],
    [".quilt/packages/x", "posix"],
    ["x".repeat(256), "posix"],
    ["con", "win32"],
    ["aux.txt", "win32"],
    ["COM1 .log", "win32"],
    ["LPT\u00b9", "win32"],
    ["data/CONIN$", "win32"],
    ["nul .txt", "win32"],
    ["clock$", "win32"],
    ["a/b./c", "win32"],
    ["a|b", "win32"],
    [".\ufeffssh/config", "darwin"],
    [".ＧＩＴ/config", "darwin"],
    ["a.", "win32"],
    ["a ", "win32"],
    ["a:stream", "win32"],
    ['what?"', "win32"],
  ] as const)("refuse %j on %s", (text, platform) => {
    expect(keyFault(text, platform)).toMatchObject({ reason: expect.any(String) });
  });

  it.each([
    ["con", "posix"],
    ["what?", "darwin"],
    ["a.git/x", "posix"],
    [".github/workflows/x.yml", "posix"],
    ["console.log", "win32"],
    ["...", "posix"],
    ["データ/é.csv", "win32"],
  ] as const)("allow %j on %s", (text, platform) => {
    expect(keyFault(text, platform)).toBeUndefined();
  });

  it("are refused for one of three kinds of reason", () => {
    const kindOf = (text: string): string | undefined => keyFault(text, "win32")?.kind;
    expect(["a/.git/x", "../a", "a/con"].map(kindOf)).toEqual(["guarded", "unsafe", "name"]);
  });

  it.each([
    ["README", "readme"],
    ["\u00e9", "e\u0301"],
    ["Stra\u00dfe", "STRASSE"],
    ["\u212a", "k"],
    ["\ufb01le", "file"],
  ])("fold %j and %j together", (a, b) => expect(foldKey(a)).toBe(foldKey(b)));
});

describe("package names", () => {
  it.each(["a/b", "A_1/b-2", "user/packagename"])("accept %j", (text) => expect(parsePackageName(text)).toBe(text));

  it.each(["", "a", "a/", "/b", "a/b/c", "a b/c", "../b", "a/..", "a/b\n", "a.b/c"])(
    "refuse %j with the rule",
    (text) => {
      expect(() => parsePackageName(text)).toThrow(/<author>\/<package>/);
    },
  );
});

describe("references", () => {
  it.each([
    ["a/b", { name: "a/b" }],
    ["a/b@latest~1", { name: "a/b", revision: "latest~1" }],
    ["a/b:tag", { name: "a/b", revision: "tag" }],
    ["a/b@0123ab/dir/file.csv", { name: "a/b", revision: "0123ab", path: "dir/file.csv" }],
    ["a/b/dir/a@b:c", { name: "a/b", path: "dir/a@b:c" }],
    [
      "quilt+s3://bucket#package=a/b@0123ab&path=dir/a%20b",
      { name: "a/b", revision: "0123ab", path: "dir/a b", registry: "s3://bucket" },
    ],
  ])("read %j", (text, reference) => expect(parseReference(text)).toEqual(reference));

  it.each(["", "a", "a@b", "quilt+s3://bucket", "quilt+s3://bucket#path=x"])("refuse %j", (text) => {
    expect(() => parseReference(text)).toThrow(/Invalid/);
  });
});

describe("pointers", () => {
  const topHash = parseTopHash("0123456789abcdef".repeat(4));

  it("are 64 bytes; a newline that someone's editor added is forgiven", () => {
    expect(encodePointer(topHash)).toHaveLength(64);
    expect(readPointer(encodePointer(topHash))).toBe(topHash);
    expect(readPointer(Buffer.from(`${topHash}\n`))).toBe(topHash);
  });

  it("are nothing else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        fc.pre(!/^[0-9a-f]{64}\n?$/.test(Buffer.from(bytes).toString("latin1")));
        expect(readPointer(bytes)).toBeUndefined();
      }),
    );
    for (const text of [topHash.toUpperCase(), ` ${topHash}`, topHash.slice(1), `${topHash}\r\n`]) {
      expect(readPointer(Buffer.from(text))).toBeUndefined();
    }
  });

  it("of revisions are ten digits, which no tag may be", () => {
    expect(isTimestampPointer("1700000000")).toBe(true);
    for (const text of ["170000000", "17000000000", "latest", "1700000000 "])
      expect(isTimestampPointer(text)).toBe(false);
    for (const text of ["1700000000", "latest", "", "../x", "a/b", ".hidden", "x".repeat(101)]) {
      expect(() => parseTag(text), text).toThrow(/Invalid tag/);
    }
    expect(parseTag("v1.2")).toBe("v1.2");
  });
});
