// Builds the catalog's pages into packages/t4/dist/catalog/web; its server is bundled with the library by bundle.js.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const path = (name) => fileURLToPath(new URL(`../packages/${name}`, import.meta.url));

/** Neither reached nor wanted: PDF functions are interpreted, and no code is ever made of a package's text. */
const noCodeOfText = {
  name: "no-code-of-text",
  transform: (code, id) =>
    id.includes("pdfjs-dist")
      ? code.replaceAll("new Function(", "(()=>{throw new EvalError('No code is made of text.')})(")
      : undefined,
};

/** Packages of which something came into the pages. */
const taken = new Set();
const takesNote = {
  name: "takes-note",
  generateBundle(_, bundle) {
    for (const { modules = {} } of Object.values(bundle)) for (const id of Object.keys(modules)) note(id);
  },
};

function note(id) {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id) ?? [];
  if (name !== undefined) taken.add(name);
}

await build({
  configFile: false,
  root: path("catalog/web"),
  logLevel: "warn",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es", plugins: () => [noCodeOfText, takesNote] },
  plugins: [noCodeOfText, takesNote],
  resolve: { alias: { "d3-dsv": path("catalog/render/frames/dsv.ts") } },
  build: {
    outDir: path("t4/dist/catalog/web"),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    // Browsers without it are older than what the pages need anyway.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Sizes are held by a test.
    chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
    // How long plugins take is nothing to warn of.
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: [path("catalog/web/index.html"), path("catalog/web/chart.html")],
    },
  },
});

// What is taken into the catalog, server and pages, keeps its licence.
for (const id of JSON.parse(readFileSync(path("t4/dist/catalog/inputs.json"), "utf8"))) note(`/${id}`);
rmSync(path("t4/dist/catalog/inputs.json"));
const require = createRequire(path("catalog/package.json"));
// d3-delaunay comes as one file that was built with these in it.
if (taken.has("d3-delaunay")) for (const name of ["delaunator", "robust-predicates"]) taken.add(name);
const licences = [...taken]
  .sort((a, b) => (a < b ? -1 : 1))
  .map((name) => {
    const directory = require.resolve
      .paths(name)
      .map((at) => join(at, name))
      .find((at) => existsSync(at));
    const file = readdirSync(directory).find((item) => /^licen[cs]e/i.test(item));
    return `${name}\n\n${readFileSync(join(directory, file), "utf8").trim()}\n`;
  });
writeFileSync(path("t4/dist/catalog/web/assets/licenses.txt"), licences.join(`\n${"-".repeat(78)}\n\n`));
