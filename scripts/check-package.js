// Checks a packed tarball as its users will see it: publint and "are the types wrong", no type `any`, nothing but dist.
// Usage: check-package.js <tarball>
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const [tarball] = process.argv.slice(2);
const tool = (name, ...args) => execFileSync(`node_modules/.bin/${name}`, args, { stdio: "inherit" });
tool("publint", tarball, "--strict");
// The package is ESM only: CommonJS loads it with import().
tool("attw", tarball, "--profile", "esm-only", "--format", "ascii");

const files = execFileSync("tar", ["tzf", tarball], { encoding: "utf8" }).trim().split("\n");
const strange = files.filter(
  (file) =>
    !/^package\/(?:dist\/.+\.js|dist\/bin\.cjs|dist\/catalog\/web\/(?:(?:index|chart)\.html|assets\/[\w-]+\.(?:css|svg|txt))|dist\/(?:index|register|vite)\.d\.ts|package\.json|README\.md|LICENSE)$/.test(
      file,
    ),
);
if (strange.length > 0) throw new Error(`The package holds what nobody should get: ${strange.join(", ")}`);
for (const file of ["server.js", "web/index.html", "web/assets/licenses.txt"]) {
  if (!files.includes(`package/dist/catalog/${file}`))
    throw new Error(`The package has no catalog: ${file} is missing.`);
}
const declarations = readFileSync("packages/t4/dist/index.d.ts", "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
// The word may stand in a literal.
if (/\bany\b/.test(declarations.replaceAll(/"[^"\n]*"/g, ""))) throw new Error("A type of the door is any.");
if (/^import/m.test(declarations)) throw new Error("The declarations need types of others.");
