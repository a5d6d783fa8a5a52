import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "#t4/cli/main.js";
import { processContext } from "#t4/cli/process-context.js";
import { Package } from "#t4/index.js";
import { temporaryDirectory } from "../temporary.js";

/** What a person types at a question, on a terminal of the test's. */
describe("at a question", () => {
  let typed: PassThrough;
  let said: string;
  let registry: string;
  let asked: Promise<void>;

  beforeEach(async () => {
    registry = temporaryDirectory();
    await (await new Package().setText("a", "a")).push("a/b", registry);
    said = "";
    typed = Object.assign(new PassThrough(), { isTTY: true });
    const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    asked = new Promise((resolve) =>
      screen.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes("[y/N]")) resolve();
      }),
    );
    vi.spyOn(process, "stdin", "get").mockReturnValue(typed as unknown as typeof process.stdin);
    vi.spyOn(process, "stderr", "get").mockReturnValue(screen as unknown as typeof process.stderr);
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  async function answer(keys: string): Promise<number> {
    const interrupt = new AbortController();
    const stop = (): void => interrupt.abort(new Error("Interrupted."));
    process.once("SIGINT", stop);
    try {
      const code = main(["rm", "a/b", "--registry", registry], processContext(interrupt.signal));
      await asked;
      typed.write(keys);
      return await code;
    } finally {
      process.off("SIGINT", stop);
    }
  }

  it("Ctrl-C ends the command as everywhere", async () => {
    expect(await answer("\u0003")).toBe(130);
    expect(said).toMatch(/\[y\/N\][^]*\nCancelled: nothing is left half-done/);
    expect(said).not.toContain("error:");
  });

  it.each(["\u0004", "no\r"])("%j takes nothing out", async (keys) => {
    expect(await answer(keys)).toBe(2);
    expect((await Package.browse("a/b", { registry })).count).toBe(1);
  });

  it("yes takes it out", async () => {
    expect(await answer("yes\r")).toBe(0);
    await expect(Package.browse("a/b", { registry })).rejects.toMatchObject({ code: "ERR_T4_NOT_FOUND" });
  });
});
