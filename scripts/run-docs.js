// Runs all code of the documentation against the installed package: the blocks of a page top to bottom in one empty
// directory with an empty home, each example of a docstring in one of its own. All `ts` code is type-checked first, as
// strictly as TypeScript can, and so are the package's declarations without anybody else's types.
// Python runs with the real clients: T4 of 2019 where it is imported, else Quilt 3. Buckets are those of serve-s3.js.
// Usage: run-docs.js <directory of an installation: prefix/bin, prefix/lib/node_modules/t4> <directory of install-peers.sh>
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { transformSync } from "esbuild";
import { TEST_ACCOUNT } from "../packages/testkit/lib/s3/account.js";
import { examples, pages } from "./documentation-blocks.js";

const work = resolve(process.argv[2]);
const installed = join(work, "prefix/lib/node_modules/t4");
const peers = resolve(process.argv[3]);
const commands = join(work, "commands");
mkdirSync(commands);
// Only this one: the command of T4 of 2019 has our name.
symlinkSync(join(peers, "quilt3/bin/quilt3"), join(commands, "quilt3"));
const all = [
  ...pages(),
  ...["index", "vite"]
    .flatMap((door) => examples(join(installed, `dist/${door}.d.ts`)))
    .map((block, i) => ({ path: `example ${i + 1}`, blocks: [block] })),
].filter(({ blocks }) => blocks.length > 0);

typeCheck(
  { types: ["node"] },
  all.flatMap(({ blocks }) => blocks).filter(({ language }) => language === "ts"),
);
typeCheck({ types: [], lib: ["ES2023", "DOM"] }, [{ code: 'export * from "t4";' }]);
const s3 = spawn(process.execPath, ["scripts/serve-s3.js"], { stdio: ["pipe", "pipe", "inherit"] });
const [address] = await once(s3.stdout, "data");
const buckets = {
  AWS_ENDPOINT_URL_S3: String(address).trim(),
  AWS_ACCESS_KEY_ID: TEST_ACCOUNT.accessKeyId,
  AWS_SECRET_ACCESS_KEY: TEST_ACCOUNT.secretAccessKey,
  AWS_REGION: "us-east-1",
  // What the Python clients call it.
  AWS_DEFAULT_REGION: "us-east-1",
};
for (const page of all) runPage(page);
s3.stdin.end();
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
  const { XDG_DATA_HOME: _, XDG_CACHE_HOME: __, ...inherited } = process.env;
  const PATH = `${process.env.PATH}:${commands}`;
  const env = { ...inherited, ...buckets, PATH, HOME: home, QUILT_DISABLE_USAGE_METRICS: "true" };
  for (const [i, block] of blocks.entries()) {
    const [command, ...args] = program(block, join(block.language === "ts" ? project : home, `block-${i}`));
    run(command, args, { what: `${path}, block ${i + 1}:\n${block.code}`, cwd: project, env });
  }
}

/** Writes a block as a program named `name` and an ending; the command that runs it. */
function program({ language, code }, name) {
  if (language === "sh") return ["bash", "-eu", write(`${name}.sh`, code)];
  if (language === "py") {
    const client = /^import t4$/m.test(code) ? "t4-2019" : "quilt3";
    return [join(peers, client, "bin/python"), write(`${name}.py`, code)];
  }
  // A `console.assert` that fails must not pass unnoticed.
  const prelude = 'import strict from "node:assert/strict"; console.assert = strict;\n';
  const { code: untyped } = transformSync(code, { loader: "ts", format: "esm", target: "node20" });
  return [process.execPath, write(`${name}.mjs`, prelude + untyped)];
}

function write(path, text) {
  writeFileSync(path, text);
  return path;
}

function run(command, args, { what, ...options }) {
  try {
    execFileSync(command, args, { ...options, stdio: "pipe" });
  } catch (error) {
    console.error(`${what}\n${error.stdout}\n${error.stderr}`);
    process.exit(1);
  }
}
