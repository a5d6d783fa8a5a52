import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { configPath, readConfig } from "#t4/config/config-file.js";
import { locationsOf } from "#t4/config/locations.js";
import { config } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

describe("the settings", () => {
  beforeEach(() => vi.stubEnv("XDG_DATA_HOME", temporaryDirectory()));
  afterEach(() => vi.unstubAllEnvs());

  const write = (text: string): void => {
    mkdirSync(join(configPath(), ".."), { recursive: true });
    writeFileSync(configPath(), text);
  };
  const read = (): string => readFileSync(configPath(), "utf8");

  it("are empty where there is no file", async () => {
    expect(await readConfig()).toEqual({});
  });

  it("are those of the original's file, and what else is in it stays", async () => {
    write(
      "# mine\ndefault_local_registry: file:///home/me/T4 # here\nnavigator_url: https://example.org\n" +
        "default_remote_registry: s3://old\n",
    );
    expect(await readConfig()).toMatchObject({ defaultRemoteRegistry: "s3://old" });
    await config({ defaultRemoteRegistry: "s3://new" });
    expect(read()).toBe(
      "# mine\ndefault_local_registry: file:///home/me/T4 # here\nnavigator_url: https://example.org\n" +
        "default_remote_registry: s3://new\n",
    );
    expect(await config({ defaultRemoteRegistry: null })).toEqual({
      defaultLocalRegistry: "file:///home/me/T4",
    });
  });

  it("leave nothing beside their file", async () => {
    await config({ defaultInstallLocation: "/data" });
    expect(readdirSync(join(configPath(), ".."))).toEqual(["config.yml"]);
  });

  it.each(["a: [", "\tx", "a: 1\na: 2\n", "just text", "- list"])("refuse the file %j and leave it", async (text) => {
    write(text);
    await expect(readConfig()).rejects.toMatchObject({ code: "ERR_T4_FORMAT", facts: { path: configPath() } });
    await expect(config({ defaultRemoteRegistry: "x" })).rejects.toMatchObject({ code: "ERR_T4_FORMAT" });
    expect(read()).toBe(text);
  });

  it("do not blow up on a file of aliases of aliases", async () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 12; i++)
      lines.push(`a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(", ")}]`);
    write(`${lines.join("\n")}\ndefault_remote_registry: *a11\n`);
    const started = process.memoryUsage().heapUsed;
    await readConfig().catch((error: unknown) => expect(error).toMatchObject({ code: "ERR_T4_FORMAT" }));
    expect(process.memoryUsage().heapUsed - started).toBeLessThan(200 << 20);
  });

  it("refuse a name that there is not, and keep a path for every directory", async () => {
    await expect(config({ defaultRemoteRegistri: "x" } as object)).rejects.toThrow(/Unknown option/);
    await config({ defaultRemoteRegistry: "some/registry" });
    expect(await config()).toEqual({ defaultRemoteRegistry: join(process.cwd(), "some/registry") });
  });
});

describe("the places of a user's files", () => {
  it.each([
    ["linux", {}, ".local/share/T4", ".cache/T4"],
    ["linux", { XDG_DATA_HOME: "/d", XDG_CACHE_HOME: "/c" }, "/d/T4", "/c/T4"],
    ["linux", { XDG_DATA_HOME: "", XDG_CACHE_HOME: "relative" }, ".local/share/T4", ".cache/T4"],
    ["darwin", {}, "Library/Application Support/T4", "Library/Caches/T4"],
    ["win32", { LOCALAPPDATA: "/local" }, "/local/QuiltData/T4", "/local/QuiltData/T4/Cache"],
    ["win32", {}, "AppData/Local/QuiltData/T4", "AppData/Local/QuiltData/T4/Cache"],
  ] as const)("are the original's on %s with %j", (...[platform, environment, base, cache]) => {
    const found = locationsOf(environment, platform);
    const full = (path: string): string => (path.startsWith("/") ? path : join(found.home, path));
    expect(found).toMatchObject({ base: full(base), cache: full(cache) });
  });

  it("are below the home directory of the process", () => {
    const home = temporaryDirectory();
    const script = `import("${new URL("../../lib/config/locations.js", import.meta.url).href}").then((m) => console.log(m.locations().base))`;
    const env = { PATH: process.env["PATH"], HOME: home };
    const { stdout } = spawnSync(process.execPath, ["-e", script], { env, encoding: "utf8" });
    expect(stdout.trim()).toBe(locationsOf({}, process.platform).base.replace(homedir(), home));
  });
});
