// Bundles the compiled library, command and worker into packages/t4/dist; dependencies stay outside, except the command's own.
import { readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";

const folder = new URL("../packages/t4/", import.meta.url).pathname;
const { version, dependencies } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
rmSync(`${folder}dist`, { recursive: true, force: true });

const shared = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  outdir: `${folder}dist`,
  legalComments: "none",
  logLevel: "warning",
};
await build({
  ...shared,
  splitting: true,
  entryPoints: { index: `${folder}lib/index.js`, "transfer-worker": `${folder}lib/transfer/transfer-worker.js` },
  external: Object.keys(dependencies),
});
await build({
  ...shared,
  splitting: true,
  minify: true,
  chunkNames: "cli-[hash]",
  entryPoints: { bin: `${folder}lib/cli/bin.js` },
  external: ["t4"],
  banner: {
    js: "#!/usr/bin/env node\nimport{createRequire as __r}from'node:module';const require=__r(import.meta.url);",
  },
  define: { T4_VERSION: JSON.stringify(version) },
});
