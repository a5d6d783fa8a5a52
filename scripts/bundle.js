// Bundles the compiled library, command, worker and the catalog's server into packages/t4/dist: one copy of everything, cut so that each command
// loads only what it needs. Dependencies of the library stay outside; the command's own are taken in. The declarations
// become one file, which is all that users see of the types.
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

const folder = new URL("../packages/t4/", import.meta.url).pathname;
const catalog = new URL("../packages/catalog/", import.meta.url).pathname;
const { version, dependencies, peerDependencies } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
rmSync(`${folder}dist`, { recursive: true, force: true });

// Every start reads these bytes, so none is spent on blanks or long ways to say a thing; names and lines stay, so that a stack
// trace can be read.
const compact = { minifyWhitespace: true, minifySyntax: true, lineLimit: 300 };

// commander is CommonJS and asks for Node's modules with `require`; where nobody does, that is left out again.
const REQUIRE = "import{createRequire as t4Require}from'node:module';const require=t4Require(import.meta.url);";

const { metafile } = await build({
  ...compact,
  bundle: true,
  metafile: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  outdir: `${folder}dist`,
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
  entryPoints: {
    index: `${folder}lib/index.js`,
    "run-command": `${folder}lib/cli/run-command.js`,
    register: `${folder}lib/register.js`,
    "import-hooks": `${folder}lib/import-hooks.js`,
    vite: `${folder}lib/vite.js`,
    "transfer-worker": `${folder}lib/transfer/transfer-worker.js`,
    "catalog/server": `${catalog}lib/server/main.js`,
  },
  external: Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => name !== "commander"),
  // The command imports the library by its own name; here it is the same code.
  alias: { t4: `${folder}lib/index.js` },
  define: { T4_VERSION: JSON.stringify(version) },
  banner: { js: REQUIRE },
});
// What of others is in the catalog's server, for bundle-catalog.js.
const server = Object.values(metafile.outputs).find(({ entryPoint }) =>
  entryPoint?.endsWith("catalog/lib/server/main.js"),
);
writeFileSync(`${folder}dist/catalog/inputs.json`, JSON.stringify(Object.keys(server.inputs)));
for (const name of readdirSync(`${folder}dist`, { recursive: true, encoding: "utf8" })) {
  const path = `${folder}dist/${name}`;
  const [start, ...code] = name.endsWith(".js") ? readFileSync(path, "utf8").split("\n") : [];
  const isVain = start === REQUIRE && !code.some((line) => /\brequire\b/.test(line));
  if (isVain) writeFileSync(path, code.join("\n"));
}

// What every start loads is one small CommonJS file; the rest is loaded when a command runs.
await build({
  ...compact,
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  outfile: `${folder}dist/bin.cjs`,
  logLevel: "warning",
  entryPoints: [`${folder}lib/cli/bin.js`],
  external: ["./run-command.js", "./commands/*"],
  define: { T4_VERSION: JSON.stringify(version) },
});

// What runs in pages has nothing of Node.
await build({
  ...compact,
  format: "esm",
  platform: "browser",
  target: "es2022",
  outfile: `${folder}dist/page-package.js`,
  logLevel: "warning",
  entryPoints: [`${folder}lib/imports/page-package.js`],
});

for (const door of ["index", "register", "vite"]) {
  const declarations = await rollup({ input: `${folder}lib/${door}.d.ts`, plugins: [dts()], external: /^node:/ });
  await declarations.write({ file: `${folder}dist/${door}.d.ts` });
}

// npm packs only what lies in the package's own directory.
copyFileSync(`${folder}../../LICENSE`, `${folder}LICENSE`);
// Nor do its pages come along: what the README says of them stays, without links that lead nowhere.
const readme = readFileSync(`${folder}../../README.md`, "utf8");
writeFileSync(`${folder}README.md`, readme.replace(/\[([^\]]+)\]\((?![a-z]+:|#)[^)]+\)/g, "$1"));
