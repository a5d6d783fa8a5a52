import { describe, expect, it } from "vitest";
import { resolveName, resolvePath } from "../../render/resolve-path.js";
import { ago, bytes, counted, visible } from "../../web/format.js";

describe("for people", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [44_726, "44.7 kB"],
    [3.9e9, "3.90 GB"],
    [999_499, "999 kB"],
    [999_600, "1.00 MB"],
    [2e18, "2,000 PB"],
  ])("%d bytes are %s", (count, text) => expect(bytes(count)).toBe(text));

  it("counts have thousands apart and a plural", () => {
    expect(counted(1, "file")).toBe("1 file");
    expect(counted(1_234_567, "file")).toBe("1,234,567 files");
  });

  it.each([
    [5, "just now"],
    [50, "50 seconds ago"],
    [3600 * 5, "5 hours ago"],
    [86_400, "yesterday"],
    [86_400 * 400, "last year"],
  ])("%d seconds are %s", (seconds, text) => {
    const now = Date.UTC(2026, 0, 1);
    expect(ago(new Date(now - seconds * 1000), now)).toBe(text);
  });

  it("what would not be seen is written out", () => {
    expect(visible("a\u202egpj.exe\u0000\u200b")).toBe("a⟨U+202E⟩gpj.exe⟨U+0000⟩⟨U+200B⟩");
    expect(visible("plain é 😀")).toBe("plain é 😀");
  });
});

describe("a relative link", () => {
  it.each([
    ["README.md", "data/a.csv", "data/a.csv"],
    ["docs/x.md", "../img/y%20z.png", "img/y z.png"],
    ["docs/x.md", "./sub/", "docs/sub/"],
    ["docs/x.md", "/top.txt?x#y", "top.txt"],
    ["docs/x.md", "%2e%2E/y%23z.md", "y#z.md"],
  ])("from %s to %s is %s", (from, link, path) => expect(resolvePath(from, link)).toBe(path));

  it.each([
    "../out",
    "%2e%2e/out",
    "a/%2E./../out",
    "a%2f..%2f..%2fout",
    "a%00b",
    "a/../../out",
    "https://x.example/",
    "//x.example/",
    "javascript:alert(1)",
    "#part",
    "mailto:a@b.c",
  ])("%s leads nowhere in the package", (link) => expect(resolvePath("x.md", link)).toBeUndefined());
});

describe("a name that is written beside a file", () => {
  it.each([
    ["data/quilt_summarize.json", "50% a#b?c:d.csv", "data/50% a#b?c:d.csv"],
    ["quilt_summarize.json", "./sub/x%20y", "sub/x%20y"],
    ["data/quilt_summarize.json", "../top.txt", "top.txt"],
  ])("from %s to %s is %s", (from, name, path) => expect(resolveName(from, name)).toBe(path));

  it("leads to nothing outside", () => expect(resolveName("a.json", "../out")).toBeUndefined());
});
