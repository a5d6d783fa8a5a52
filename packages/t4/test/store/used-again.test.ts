import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileStore } from "#t4/store/file/file-store.js";
import { type FileSystem, nodeFileSystem } from "#t4/store/file/file-system.js";
import { temporaryDirectory } from "../temporary.js";

describe("a file that is used again while a garbage collection is about to take it", () => {
  it.each(["deleteIfOlder", "moveIfOlder"] as const)("stays with %s", async (method) => {
    const root = temporaryDirectory();
    const path = join(root, "objects/o");
    mkdirSync(join(root, "objects"));
    writeFileSync(path, "content");
    utimesSync(path, new Date(0), new Date(0));
    const fs: FileSystem = {
      ...nodeFileSystem,
      async rename(from, to) {
        // Between the look at its age and this.
        if (basename(from) === basename(path)) utimesSync(path, new Date(), new Date());
        await nodeFileSystem.rename(from, to);
      },
    };
    const store = fileStore(root, { stateKey: ".state", url: "file:///test", fs });
    const before = Date.now() - 60_000;
    const isGone = await (method === "deleteIfOlder"
      ? store.deleteIfOlder("objects/o", before)
      : store.moveIfOlder("objects/o", "aside/o", before));
    expect(isGone).toBe(false);
    expect(readFileSync(path, "utf8")).toBe("content");
  });
});
