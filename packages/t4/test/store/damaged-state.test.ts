import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { fileStore } from "#t4/store/file/file-store.js";
import { openRecord, sealRecord } from "#t4/store/sealed-record.js";
import { temporaryDirectory } from "../temporary.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const NOTE = { slot: "7" };

describe("a file store whose own files are damaged or planted", () => {
  let root: string;
  let turns: string;
  /** Runs ahead by a second whenever somebody waits. */
  let now: number;

  const open = () =>
    fileStore(root, {
      stateKey: ".state",
      url: "file:///test",
      clock: { now: () => now, sleep: async () => void (now += 1000) },
    });
  const holder = (ticket: string) => ({ host: "elsewhere", boot: "", pid: 1, start: "", ticket });

  beforeEach(() => {
    now = Date.now();
    root = temporaryDirectory();
    turns = join(root, ".state/locks/k");
    mkdirSync(turns, { recursive: true });
    mkdirSync(join(root, ".state/tmp"), { recursive: true });
  });

  const swap = () => open().put("k", bytes("new"), { mode: { replaces: undefined }, note: NOTE });

  it("never removes another file than a ticket for a holder who is gone", async () => {
    const victims = ["victim", ".state/tmp/victim.ticket", "00000000-0000-0000-0000-000000000000.ticket"];
    for (const [i, victim] of victims.entries()) {
      writeFileSync(join(root, victim), "mine");
      const turn = i * 10 + 1;
      writeFileSync(join(turns, `${turn}.lock`), sealRecord(holder(i === 2 ? `../../${victim}` : join(root, victim))));
      await swap();
      expect(existsSync(join(root, victim)), victim).toBe(true);
    }
  });

  it("ends the turn of a holder whose record is damaged, and shuts him out all the same", async () => {
    const ticket = "00000000-0000-0000-0000-000000000001.ticket";
    writeFileSync(join(root, ".state/tmp", ticket), "his");
    writeFileSync(join(turns, "1.lock"), '{"host": "else');
    const from = now;
    expect((await swap()).written).toBe(true);
    expect(now - from).toBeGreaterThan(9000);
    expect(existsSync(join(root, ".state/tmp", ticket))).toBe(false);
  });

  it("ends no turn of a holder whom it cannot shut out", async () => {
    const ticket = "00000000-0000-0000-0000-000000000002.ticket";
    mkdirSync(join(root, ".state/tmp", ticket, "filled", "again"), { recursive: true });
    writeFileSync(join(turns, "1.lock"), sealRecord(holder(ticket)));
    await expect(swap()).rejects.toMatchObject({ code: "ERR_T4_IO", facts: { system: "ENOTEMPTY" } });
    expect(readdirSync(turns)).toEqual(["1.lock"]);
  });

  it("says of a failing system call what, where and what to do next", async () => {
    await open().put("d/file", bytes("x"));
    await expect(open().put("d/file/below", bytes("x"))).rejects.toMatchObject({
      code: "ERR_T4_IO",
      message: expect.stringMatching(/^Cannot write \/.*\/d\/file\/below: E(?:NOTDIR|EXIST)/) as string,
      hint: expect.any(String) as string,
    });
    await expect(open().put("d", bytes("x"))).rejects.toMatchObject({ code: "ERR_T4_IO", facts: { system: "EISDIR" } });
  });

  it("waits for no turn that a stray file names", async () => {
    for (const name of ["99999999999999999999.lock", "5junk", ".DS_Store", "7.lock.bak"])
      writeFileSync(join(turns, name), "");
    const from = now;
    expect((await swap()).written).toBe(true);
    expect(now).toBe(from);
  });

  it("takes no note for its own that is damaged in any byte", async () => {
    await swap();
    const path = join(turns, readdirSync(turns).find((name) => name.endsWith(".note")) ?? "");
    expect((await open().get("k", { withNote: true }))?.note).toEqual(NOTE);
    const whole = sealRecord(openRecord(sealRecord({ version: "v", note: NOTE })) ?? {});
    for (let at = 0; at < whole.length; at++) {
      const bent = Uint8Array.from(whole);
      bent[at] = (bent[at] as number) ^ 1;
      expect(openRecord(bent), `byte ${at}`).toBeUndefined();
    }
    truncateSync(path, 20);
    expect((await open().get("k", { withNote: true }))?.note).toBeUndefined();
  });

  it.skipIf(process.platform === "win32")("takes no note for one that is no small file", async () => {
    const plants: readonly ((path: string) => void)[] = [
      (path) => mkdirSync(path),
      (path) => execFileSync("mkfifo", [path]),
      (path) => symlinkSync("/dev/zero", path),
      (path) => {
        writeFileSync(path, "");
        truncateSync(path, 2 ** 31);
      },
    ];
    for (const [i, plant] of plants.entries()) {
      plant(join(turns, `${i + 11}.note`));
      expect(await open().get("k", { withNote: true })).toBeUndefined();
      await open().put(`other${i}`, bytes("x"));
    }
    expect((await swap()).written).toBe(true);
    expect((await open().get("k", { withNote: true }))?.note).toEqual(NOTE);
  });

  it.skipIf(process.platform === "win32")("waits for no pipe and follows no link, in whatever place", async () => {
    for (const name of ["secret", "huge"]) writeFileSync(join(root, name), name);
    symlinkSync(join(root, "secret"), join(root, "link"));
    execFileSync("mkfifo", [join(root, "pipe")]);
    mkdirSync(join(root, "directory"));
    truncateSync(join(root, "huge"), 2 ** 31);
    for (const key of ["link", "pipe", "directory", "huge"]) {
      await expect(open().get(key), key).rejects.toMatchObject({ code: "ERR_T4_INTEGRITY" });
    }
    expect(await open().get("secret/inside")).toBeUndefined();
    for (const key of ["link", "pipe", "directory"]) {
      expect(await open().moveIfOlder(key, `aside/${key}`, Date.now() + 60_000), key).toBe(true);
    }
    expect(readdirSync(join(root, "aside")).sort()).toEqual(["directory", "link", "pipe"]);
    expect(readdirSync(root).sort()).toEqual([".state", "aside", "huge", "secret"]);
  });
});
