// Every line that scripts/mutants takes away stands exactly once in its file, and the tests that must notice are there.
import { existsSync, readFileSync } from "node:fs";
import { MUTANTS } from "./mutants/table.js";

const T4 = new URL("../packages/t4/", import.meta.url).pathname;
for (const { name, file, find, tests } of MUTANTS) {
  const source = existsSync(`${T4}src/${file}`) ? readFileSync(`${T4}src/${file}`, "utf8") : "";
  const missing = tests.filter((test) => !existsSync(`${T4}test/${test}`));
  if (source.split(find).length === 2 && missing.length === 0) continue;
  console.error(`scripts/mutants: "${name}" finds no such line in ${file}, or no test ${missing.join(" ")}`);
  process.exitCode = 1;
}
