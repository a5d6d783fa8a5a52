// Takes away one safety line at a time, in a copy, and runs the tests that must notice: exit code 1 when one stays green.
// `node scripts/mutants.js [words of a name]`; `npm run build` first.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { MUTANTS } from "./mutants/table.js";

const ROOT = new URL("..", import.meta.url).pathname;
const T4 = "packages/t4";
const LANES = 2;
/** All that the tests and their runner read. */
const COPIED = [
  "vitest.config.ts",
  "tsconfig.base.json",
  "packages/testkit/tsconfig.json",
  ...["lib", "test", "package.json", "tsconfig.json"].map((part) => join(T4, part)),
];

/** A copy of the product in which tests run the compiled sources one by one, the command and worker processes too. */
function makeCopy(parent, name) {
  const copy = join(parent, name);
  for (const part of COPIED) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  const dist = join(copy, T4, "dist");
  mkdirSync(dist);
  writeFileSync(join(dist, "index.js"), 'export * from "../lib/index.js";\n');
  writeFileSync(join(dist, "bin.cjs"), 'import("../lib/cli/bin.js");\n');
  return copy;
}

function compile(source) {
  return transformSync(source, { loader: "ts", format: "esm", target: "node20" }).code;
}

function runTests(copy, tests) {
  const isMachine = tests.every((test) => test.startsWith("machine/"));
  const files = tests.map((test) => `${T4}/test/${test}`);
  const args = ["node_modules/vitest/vitest.mjs", "run", "--bail=1", "--reporter=dot", ...files];
  const env = { ...process.env, T4_TEST_MACHINE: isMachine ? "1" : "0", T4_CAMPAIGN: "0", NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: copy, env, timeout: 300_000, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => resolve({ isGreen: error === null, text: stdout + stderr }),
    );
  });
}

/** Red must mean that a test failed, not that none was found. */
function hasFailedTest(text) {
  return /Tests\s+.*\d+ failed/.test(text);
}

async function tryMutant(copy, { file, find, replace, tests }) {
  const source = readFileSync(join(ROOT, T4, "src", file), "utf8");
  if (source.split(find).length !== 2) return "the line has moved: mend the table";
  const compiled = join(copy, T4, "lib", file.replace(/\.ts$/, ".js"));
  const original = readFileSync(compiled);
  writeFileSync(compiled, compile(source.replace(find, () => replace)));
  try {
    const { isGreen, text } = await runTests(copy, tests);
    if (isGreen) return "SURVIVED";
    return hasFailedTest(text) ? "killed" : `no test ran:\n${text.slice(-2000)}`;
  } finally {
    writeFileSync(compiled, original);
  }
}

const words = process.argv.slice(2).join(" ");
const chosen = MUTANTS.filter(({ name }) => name.includes(words));
const parent = mkdtempSync(join(tmpdir(), "t4-mutants-"));
const queue = [...chosen];
const verdicts = new Map();

async function work(lane) {
  const copy = makeCopy(parent, `lane${lane}`);
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const from = Date.now();
    const verdict = await tryMutant(copy, mutant);
    verdicts.set(mutant, verdict);
    console.log(`${verdict.padEnd(10)} ${((Date.now() - from) / 1000).toFixed(0).padStart(4)} s  ${mutant.name}`);
  }
}

try {
  // Without any mutant all must be green, or red would say nothing.
  const copy = makeCopy(parent, "whole");
  const all = [...new Set(chosen.flatMap(({ tests }) => tests))];
  for (const isMachine of [false, true]) {
    const tests = all.filter((test) => test.startsWith("machine/") === isMachine);
    const { isGreen, text } = tests.length === 0 ? { isGreen: true } : await runTests(copy, tests);
    if (!isGreen) throw new Error(`Red without any mutant:\n${text.slice(-4000)}`);
  }
  await Promise.all(Array.from({ length: LANES }, (_, lane) => work(lane)));
} finally {
  rmSync(parent, { recursive: true, force: true });
}
const killed = chosen.filter((mutant) => verdicts.get(mutant) === "killed");
console.log(`${killed.length} of ${chosen.length} mutants were noticed.`);
if (killed.length < chosen.length || chosen.length === 0) process.exitCode = 1;
