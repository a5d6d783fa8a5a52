// Prints the totals of vitest's JSON reports as one plain line; fails when a test failed or none ran.
import { readFileSync } from "node:fs";

const reports = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
const sum = (name) => reports.reduce((total, report) => total + report[name], 0);
console.log(`${sum("numPassedTests")} passed, ${sum("numFailedTests")} failed`);
if (sum("numFailedTests") > 0 || sum("numPassedTests") === 0) process.exitCode = 1;
