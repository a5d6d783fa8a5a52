// Runs every code block of the README and the guide: all `sh` blocks of a file top to bottom in one empty directory with
// an empty home, each `ts` block as a module against the installed package.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const work = process.argv[2];
const files = ["README.md", ...readdirSync("docs/guide").map((name) => `docs/guide/${name}`)];
let count = 0;
for (const file of files) {
  const directory = mkdtempSync(join(work, "docs-"));
  const home = join(directory, "home");
  const project = join(directory, "project");
  mkdirSync(home);
  mkdirSync(join(project, "node_modules"), { recursive: true });
  symlinkSync(join(work, "prefix/lib/node_modules/t4"), join(project, "node_modules/t4"));
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: "", XDG_CACHE_HOME: "" };
  for (const [, language, code] of readFileSync(file, "utf8").matchAll(/^```(sh|ts)\n([\s\S]*?)^```/gm)) {
    count++;
    const script = join(directory, `block-${count}.${language === "sh" ? "sh" : "mjs"}`);
    const name = language === "sh" ? script : join(project, `block-${count}.mjs`);
    writeFileSync(name, code);
    try {
      execFileSync(language === "sh" ? "bash" : process.execPath, language === "sh" ? ["-eu", name] : [name], {
        cwd: project,
        env,
        stdio: "pipe",
      });
    } catch (error) {
      console.error(`${file}, block ${count}:\n${code}\n${error.stdout}\n${error.stderr}`);
      process.exit(1);
    }
  }
}
console.log(`${count} code blocks of the documentation ran.`);
