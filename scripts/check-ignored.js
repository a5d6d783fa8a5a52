// Fails when an ignore list of the linter or the formatter hides code that we wrote.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import ignore from "ignore";

const tracked = execFileSync("git", ["ls-files"], { encoding: "utf8" }).trim().split("\n");
const code = tracked.filter((path) => /\.[cm]?[jt]sx?$/.test(path));
const withoutComments = (text) => text.replace(/^\s*\/\/.*$/gm, "");
const { ignorePatterns } = JSON.parse(withoutComments(readFileSync(".oxlintrc.json", "utf8")));
const { files } = JSON.parse(readFileSync("biome.json", "utf8"));
const lists = {
  ".oxlintrc.json": ignorePatterns,
  "biome.json": files.includes.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1)),
};
for (const [file, patterns] of Object.entries(lists)) {
  const hidden = code.filter((path) => ignore().add(patterns).ignores(path));
  if (hidden.length > 0) throw new Error(`${file} hides code from its tool: ${hidden.join(", ")}`);
}
const shown = files.includes.filter((glob) => !glob.startsWith("!"));
const missed = code.filter((path) => !ignore().add(shown).ignores(path));
if (missed.length > 0) throw new Error(`biome.json leaves out: ${missed.join(", ")}`);
