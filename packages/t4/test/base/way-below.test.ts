import { posix, win32 } from "node:path";
import { describe, expect, it } from "vitest";
import { wayBelow } from "#t4/base/way-below.js";

describe("wayBelow", () => {
  it.each([
    ["/reg/a/b", "/reg", "a/b"],
    ["/reg", "/reg", ""],
    ["/reg/..a", "/reg", "..a"],
    ["/reg/a/..b/c", "/reg", "a/..b/c"],
    ["/a", "/", "a"],
    ["/registry", "/reg", undefined],
    ["/", "/reg", undefined],
    ["/other/a", "/reg", undefined],
  ])("of %s below %s is %s", (path, root, way) => {
    expect(wayBelow(path, root, posix)).toBe(way);
  });

  it.each([
    ["C:\\reg\\a\\b", "C:\\reg", "a\\b"],
    ["c:\\REG\\a", "C:\\reg", "a"],
    ["C:\\reg", "C:\\reg", ""],
    ["C:\\secret\\k", "C:\\reg", undefined],
    // Another drive, and another machine's: `relative` answers with an absolute path.
    ["D:\\secret\\k", "C:\\reg", undefined],
    ["\\\\host\\share\\k", "C:\\reg", undefined],
    ["C:\\reg\\k", "\\\\host\\share", undefined],
    ["\\\\host\\other\\k", "\\\\host\\share", undefined],
    ["\\\\host\\share\\k", "\\\\host\\share", "k"],
  ])("of %s below %s on Windows is %s", (path, root, way) => {
    expect(wayBelow(path, root, win32)).toBe(way);
  });
});
