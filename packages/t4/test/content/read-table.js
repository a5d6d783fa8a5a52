// Reads a table as a process of its own, and says how that ended and what memory it took at most.
import { writeSync } from "node:fs";
import { basename } from "node:path";
import { peakMiB } from "testkit/peak-memory.js";
import { Package } from "#t4/index.js";

const [path] = process.argv.slice(2);
let rows = 0;
let code = "none";
let message = "";
try {
  const pkg = new Package();
  await pkg.set(basename(path), path);
  for await (const _ of pkg.entry(basename(path)).rows()) rows++;
} catch (error) {
  code = error.code;
  message = error.message;
}
writeSync(1, JSON.stringify({ rows, code, message, peakMiB: peakMiB() }));
