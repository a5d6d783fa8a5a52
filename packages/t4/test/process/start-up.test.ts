import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const BIN = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));

function milliseconds(args: readonly string[]): number {
  const start = performance.now();
  spawnSync(process.execPath, args);
  return performance.now() - start;
}

describe("starting the command", () => {
  it("loads nothing but its table of commands for the version and the overview", () => {
    const text = readFileSync(BIN, "utf8");
    const chunks = [...text.matchAll(/^(?:\} from|import) "\.\/(.*?)"/gm)].map(([, name = ""]) => name);
    const bytes = chunks.reduce((sum, name) => sum + readFileSync(new URL(name, `file://${BIN}`)).length, 0);
    expect(chunks.length).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(8 << 10);
  });

  // The least of interleaved runs: what other programs on the machine add is left out.
  it("takes at most 1.3 times as long as bare Node", { retry: 3 }, () => {
    const runs = Array.from({ length: 15 }, () => ({ bare: milliseconds(["-e", "0"]), t4: milliseconds([BIN, "-V"]) }));
    const least = (name: "bare" | "t4"): number => Math.min(...runs.map((run) => run[name]));
    expect(least("t4") / least("bare")).toBeLessThan(1.3);
  });
});
