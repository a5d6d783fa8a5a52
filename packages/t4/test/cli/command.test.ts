import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { BIN, type Result, Scratch } from "./scratch.js";

/** The built command as a process of its own, in an empty home. */
describe("t4", () => {
  let scratch: Scratch;
  let cwd: string;

  beforeEach(() => {
    scratch = new Scratch();
    ({ cwd } = scratch);
    scratch.write("data/2024/jan.csv", "a,b\n");
    scratch.write("data/readme.md", "notes\n");
  });

  const t4 = (args: readonly string[], at?: string): Result => scratch.t4(args, at);
  const ok = (args: readonly string[], at?: string): string => scratch.ok(args, at);
  const push = (message = "First"): string => ok(["push", "alice/weather", "data", "registry", "-m", message]).trim();

  it("prints the top hash alone when it pushes, and says the rest on standard error", () => {
    const result = t4(["push", "alice/weather", "data", "registry", "-m", "First"]);
    expect(result.code).toBe(0);
    expect(result.out).toMatch(/^[0-9a-f]{64}\n$/);
    expect(result.err).toContain("2 added, 0 changed, 0 removed");
  });

  it("pushes what the directory is now, also what was deleted from it", () => {
    push();
    rmSync(join(cwd, "data/readme.md"));
    writeFileSync(join(cwd, "data/2024/feb.csv"), "c,d\n");
    const result = t4(["push", "-m", "Second"], "data");
    expect(result.err).toContain("1 added, 0 changed, 1 removed");
    expect(ok(["ls", "alice/weather/2024", "--registry", "registry"])).toContain("feb.csv");
    expect(t4(["cat", "alice/weather/readme.md", "--registry", "registry"]).code).toBe(4);
  });

  it("changes nothing on a dry run", () => {
    const files = (): string[] =>
      readdirSync(cwd, { recursive: true, encoding: "utf8" }).filter((path) => !path.startsWith("home"));
    const before = files();
    const topHash = ok(["push", "alice/weather", "data", "registry", "-m", "x", "--dry-run"]);
    expect(files()).toEqual(before);
    expect(ok(["push", "alice/weather", "data", "registry", "-m", "x"])).toBe(topHash);
  });

  it("installs, tells changes, keeps them, and verifies", () => {
    push();
    ok(["install", "alice/weather", "--registry", "registry", "--dest", "copy"]);
    ok(["verify", "copy"]);
    writeFileSync(join(cwd, "copy/readme.md"), "mine\n");
    expect(t4(["verify", "copy"]).code).toBe(6);
    expect(ok(["status"], "copy")).toContain("readme.md");
    const again = t4(["install"], "copy");
    expect(readFileSync(join(cwd, "copy/readme.md"), "utf8")).toBe("mine\n");
    expect(again.err).toContain("kept readme.md");
    expect(again.code).toBe(0);
    ok(["install", "--overwrite"], "copy");
    ok(["verify"], "copy");
  });

  it("ends with 5 when others have published meanwhile, and keeps both in the history with --force", () => {
    push();
    ok(["install", "alice/weather", "--registry", "registry", "--dest", "copy"]);
    writeFileSync(join(cwd, "data/readme.md"), "theirs\n");
    push("Theirs");
    writeFileSync(join(cwd, "copy/readme.md"), "mine\n");
    expect(t4(["push", "-m", "Mine"], "copy").code).toBe(5);
    ok(["push", "-m", "Mine", "--force"], "copy");
    const log = JSON.parse(ok(["log", "alice/weather", "--registry", "registry", "--json"])) as unknown[];
    expect(log).toHaveLength(3);
  });

  it.each([
    [["pusj"], 2, "Did you mean t4 push?"],
    [["push", "weather", "data", "registry"], 2, "<author>/<package>"],
    [["push", "alice/weather", "data", "registry", "--mesage", "x"], 2, "--message"],
    [["show", "alice/none", "--registry", "registry"], 4, "alice/none"],
    [["install", "alice/weather@zzzzzz", "--registry", "registry"], 4, "zzzzzz"],
    [["list", "ftp://host/x"], 1, "ftp"],
  ] as const)("refuses %j with exit code %i", (args, code, text) => {
    push();
    const result = t4([...args]);
    expect(result.err).toContain(text);
    expect(result.code).toBe(code);
    expect(result.out).toBe("");
  });

  it("answers in JSON, also with errors", () => {
    push();
    expect(JSON.parse(ok(["show", "alice/weather", "--registry", "registry", "--json"]))).toBeTypeOf("object");
    const failed = t4(["show", "alice/none", "--registry", "registry", "--json"]);
    expect(JSON.parse(failed.err)).toMatchObject({ error: { code: "ERR_T4_NOT_FOUND" } });
  });

  it("stops quietly when its reader has seen enough", () => {
    writeFileSync(join(cwd, "data/big.txt"), "x".repeat(8_000_000));
    push();
    const script = `"${process.execPath}" "${BIN}" cat alice/weather/big.txt --registry registry | head -c 1; exit \${PIPESTATUS[0]}`;
    const { status, stderr } = spawnSync("bash", ["-c", script], { cwd, env: scratch.env, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("leaves nothing visible behind Ctrl-C, and the next push works", async () => {
    for (let i = 0; i < 20; i++) writeFileSync(join(cwd, `data/${i}.bin`), Buffer.alloc(8_000_000, i));
    const child = spawn(process.execPath, [BIN, "push", "alice/weather", "data", "registry"], {
      cwd,
      env: scratch.env,
    });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const left = join(cwd, "registry/.quilt/t4/tmp");
    // The push has begun to copy, but has not published.
    await vi.waitUntil(() => existsSync(left), { timeout: 20_000, interval: 5 });
    child.kill("SIGINT");
    const code = await ended;
    expect([0, 130]).toContain(code);
    if (code !== 0) expect(t4(["show", "alice/weather", "--registry", "registry"]).code).toBe(4);
    expect(push()).toMatch(/^[0-9a-f]{64}$/);
    expect(readdirSync(left)).toEqual([]);
  });
});
