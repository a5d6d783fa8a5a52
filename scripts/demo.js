// The main job on a folder: real data is published, installed elsewhere, changed, published again, compared and verified.
import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openRegistry, Package } from "t4";

const data = fileURLToPath(new URL("../node_modules/vega-datasets/data", import.meta.url));
const files = [
  "cars.json",
  "seattle-weather.csv",
  "flights-10k.json",
  "gapminder.json",
  "stocks.csv",
  "earthquakes.json",
  "movies.json",
];

rmSync("demo", { recursive: true, force: true });
mkdirSync("demo/data", { recursive: true });
for (const file of files) copyFileSync(join(data, file), join("demo/data", file));

const registry = "demo/registry";
const pkg = await new Package().setDir("", "demo/data", { meta: { origin: "vega-datasets" } });
const first = await pkg.push("demo/vega", registry, { message: "First version" });
console.log(`Published ${pkg.count} files as demo/vega in ${registry}:\n  ${first}`);

await Package.install("demo/vega", { registry, dest: "demo/copy" });
console.log("Installed it in demo/copy, every byte verified.");

appendFileSync("demo/copy/stocks.csv", "MSFT,Apr 1 2010,29.5\n");
const copy = await Package.openDirectory("demo/copy");
const changes = copy.base.diff(copy.current);
const second = await copy.current.push("demo/vega", registry, { message: "One more price" });
await copy.current.remember("demo/copy");
console.log(`Changed ${changes.modified.join(", ")} there and published that:\n  ${second}`);

console.log("History, newest first:");
for await (const { topHash, time, isLatest } of (await openRegistry(registry)).log("demo/vega")) {
  const { message } = await Package.browse(`demo/vega@${topHash}`, { registry });
  console.log(`  ${topHash.slice(0, 12)}  ${time.toISOString()}  ${message}${isLatest ? " (latest)" : ""}`);
}

const now = await Package.browse("demo/vega", { registry });
const report = await now.verify("demo/copy");
if (!report.ok) throw new Error("The copy is not what was published.");
console.log(`Verified: ${report.checked} files in demo/copy are exactly ${second.slice(0, 12)}.`);
const old = await Package.browse("demo/vega", { registry, topHash: first });
console.log(
  `The first version is unchanged: ${old.count} files. Compared by hash, the latest has other content in ${old.diff(now).modified.join(", ")}.`,
);
execFileSync(process.execPath, ["packages/t4/dist/bin.cjs", "fsck", registry], {
  stdio: ["ignore", "inherit", "inherit"],
});
