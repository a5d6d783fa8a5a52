import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileStore } from "#t4/store/file/file-store.js";
import { type FileSystem, nodeFileSystem } from "#t4/store/file/file-system.js";
import { sealRecord } from "#t4/store/sealed-record.js";
import { temporaryDirectory } from "../temporary.js";

const TICKET = "00000000-0000-0000-0000-000000000001.ticket";

describe("the queue for a swap", () => {
  it("lets nobody in by an old listing while another is inside", async () => {
    const root = temporaryDirectory();
    const turns = join(root, ".state/locks/k");
    mkdirSync(turns, { recursive: true });
    mkdirSync(join(root, ".state/tmp"));
    writeFileSync(join(root, ".state/tmp", TICKET), "his");
    const holder = { host: "elsewhere", boot: "", pid: 1, start: "", ticket: TICKET };
    writeFileSync(join(turns, "70.lock"), sealRecord(holder));
    // As over a network: the first look shows the directory as it was before anyone came.
    let looks = 0;
    const fs: FileSystem = {
      ...nodeFileSystem,
      readdir: async (path) => (path === turns && ++looks === 1 ? [] : nodeFileSystem.readdir(path)),
    };
    let now = Date.now();
    const clock = { now: () => now, sleep: async () => void (now += 1000) };
    const store = fileStore(root, { stateKey: ".state", url: "file:///test", fs, clock });
    expect(await store.put("k", Buffer.from("mine"), { mode: { replaces: undefined } })).toMatchObject({
      written: true,
    });
    // The holder inside was shut out first, as whoever comes next has to.
    expect(existsSync(join(turns, "70.done"))).toBe(true);
    expect(existsSync(join(root, ".state/tmp", TICKET))).toBe(false);
    expect(existsSync(join(turns, "71.lock"))).toBe(true);
  });
});
