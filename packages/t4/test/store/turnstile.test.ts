import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
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

  const withTurn = (number: string): { readonly root: string; readonly turns: string } => {
    const root = temporaryDirectory();
    const turns = join(root, ".state/locks/k");
    mkdirSync(turns, { recursive: true });
    for (const kind of ["lock", "done"]) writeFileSync(join(turns, `${number}.${kind}`), sealRecord({}));
    return { root, turns };
  };

  it("passes over turns with numbers that no writer reaches", async () => {
    const { root, turns } = withTurn("999999999999999");
    const store = fileStore(root, { stateKey: ".state", url: "file:///test" });
    const mode = { replaces: undefined } as const;
    expect(await store.put("k", Buffer.from("mine"), { mode })).toMatchObject({ written: true });
    expect(readdirSync(turns).sort()).toEqual(["1.done", "1.lock", "999999999999999.done", "999999999999999.lock"]);
  });

  it("says that no turn comes after the last number", async () => {
    const { root, turns } = withTurn("999999999999");
    const store = fileStore(root, { stateKey: ".state", url: "file:///test" });
    const put = store.put("k", Buffer.from("mine"), { mode: { replaces: undefined } });
    await expect(put).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY", facts: { turns } });
  });

  it("is left after a while by who never gets the turn that is free", async () => {
    const { root } = withTurn("70");
    const fs: FileSystem = {
      ...nodeFileSystem,
      async link(from, to) {
        if (to.endsWith("71.lock")) throw Object.assign(new Error("taken"), { code: "EEXIST" });
        await nodeFileSystem.link(from, to);
      },
    };
    let now = Date.now();
    const clock = { now: () => now, sleep: async () => void (now += 1000) };
    const store = fileStore(root, { stateKey: ".state", url: "file:///test", fs, clock });
    const put = store.put("k", Buffer.from("mine"), { mode: { replaces: undefined } });
    await expect(put).rejects.toMatchObject({ code: "ERR_T4_BUSY" });
  });
});
