// Runs all code of the documentation against the installed package: the blocks of a page top to bottom in one empty
// directory with an empty home, each example of a docstring in one of its own. All `ts` code is type-checked first, as
// strictly as TypeScript can, and so are the package's declarations without anybody else's types.
// Usage: run-docs.js <directory of an installation: prefix/bin, prefix/lib/node_modules/t4>
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { examples, pages } from "./documentation-blocks.js";

const work = resolve(process.argv[2]);
const installed = join(work, "prefix/lib/node_modules/t4");
const all = [
  ...pages(),
  ...examples(join(installed, "dist/index.d.ts")).map((block, i) => ({ path: `example ${i + 1}`, blocks: [block] })),
].filter(({ blocks }) => blocks.length > 0);

typeCheck(
  { types: ["node"] },
  all.flatMap(({ blocks }) => blocks).filter(({ language }) => language === "ts"),
);
typeCheck({ types: [], lib: ["ES2023", "DOM"] }, [{ code: 'export * from "t4";' }]);
for (const page of all) runPage(page);
console.log(`${all.flatMap(({ blocks }) => blocks).length} code blocks of the documentation ran.`);

function newProject() {
  const directory = mkdtempSync(join(work, "docs-"));
  const project = join(directory, "project");
  mkdirSync(join(directory, "home"));
  mkdirSync(join(project, "node_modules"), { recursive: true });
  symlinkSync(installed, join(project, "node_modules/t4"));
  return { project, home: join(directory, "home") };
}

function typeCheck(options, blocks) {
  const { project } = newProject();
  symlinkSync(resolve("node_modules/@types"), join(project, "node_modules/@types"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  for (const [i, { code }] of blocks.entries()) writeFileSync(join(project, `block-${i}.ts`), code);
  const compilerOptions = {
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    module: "NodeNext",
    target: "ES2023",
    noEmit: true,
    ...options,
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  run(process.execPath, [resolve("node_modules/typescript/bin/tsc"), "-p", project], { what: "Types", cwd: project });
}

function runPage({ path, blocks }) {
  const { project, home } = newProject();
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: "", XDG_CACHE_HOME: "" };
  for (const [i, { language, code }] of blocks.entries()) {
    const name = join(language === "sh" ? home : project, `block-${i}.${language === "sh" ? "sh" : "mjs"}`);
    // A `console.assert` that fails must not pass unnoticed.
    const prelude = 'import strict from "node:assert/strict"; console.assert = strict;\n';
    writeFileSync(name, language === "sh" ? code : prelude + code);
    const [command, ...args] = language === "sh" ? ["bash", "-eu", name] : [process.execPath, name];
    run(command, args, { what: `${path}, block ${i + 1}:\n${code}`, cwd: project, env });
  }
}

function run(command, args, { what, ...options }) {
  try {
    execFileSync(command, args, { ...options, stdio: "pipe" });
  } catch (error) {
    console.error(`${what}\n${error.stdout}\n${error.stderr}`);
    process.exit(1);
  }
}
