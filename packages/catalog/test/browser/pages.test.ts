import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { Package } from "t4";
import { ENGINE_ACCOUNT, type Engine, engines } from "testkit/engines.js";
import { isCampaign } from "testkit/runs.js";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { sampleLocation } from "#server/sample-location.js";
import { push, temporaryHome } from "../fixture.js";
import { useRefusingBuckets } from "../refusing-buckets.js";
import { openRegistry, useCatalog } from "./browse.js";
import { copyRegistry, makeBucket } from "./copy-registry.js";
import { pushRich } from "./rich-package.js";

const home = temporaryHome();
const [minio] = engines("minio") as [Engine];
const buckets = useRefusingBuckets(home, { url: minio.url, account: ENGINE_ACCOUNT });
const opened = useCatalog();
vi.setConfig({ testTimeout: 90_000 });
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const AXE_OPTIONS = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
  // The frames of strangers' pages run no checker, which would be waited for.
  iframes: false,
};
// Pictures for human eyes; CI keeps them.
const PICTURES = process.env["T4_PICTURES"];
if (PICTURES !== undefined) mkdirSync(PICTURES, { recursive: true });

/** Looks that differ in all, as the place of the registry does: what is wrong elsewhere is mostly wrong in one of these as well. */
const QUICK = [
  { look: "light", place: "folder", width: 1280, height: 800, colorScheme: "light", forcedColors: "none" },
  { look: "narrow dark", place: "bucket", width: 390, height: 844, colorScheme: "dark", forcedColors: "none" },
] as const;
const FULL = [
  ...QUICK,
  { look: "dark", place: "folder", width: 1280, height: 800, colorScheme: "dark", forcedColors: "none" },
  { look: "narrow", place: "bucket", width: 390, height: 844, colorScheme: "light", forcedColors: "none" },
  { look: "small", place: "folder", width: 320, height: 640, colorScheme: "light", forcedColors: "none" },
  { look: "forced colors", place: "bucket", width: 1280, height: 800, colorScheme: "dark", forcedColors: "active" },
] as const;

const sample = "/r/:sample/p/demo/weather";

/** Every page and state: where, and what is there when it is whole. */
const PAGES: readonly (readonly [name: string, path: string, text: string])[] = [
  ["home", "/", "Sample registry"],
  ["lost", "/nowhere", "There is no such page"],
  ["packages", "/r/:sample", "2 packages"],
  ["packages filtered away", "/r/:sample?q=zzz", "No package matches"],
  ["registry unknown", "/r/unknown", "does not know that registry"],
  ["registry empty", "/r/:bare", "has no packages yet"],
  ["bucket without access", "/r/:denied", "Check that these credentials may do this"],
  ["bucket gone", "/r/:gone", "Check the bucket's name"],
  ["bucket with expired credentials", "/r/:expired", "aws sso login"],
  ["overview", sample, "Things to try"],
  ["overview of an older revision", `${sample}@latest~1`, "1 behind latest"],
  ["package absent", "/r/:sample/p/demo/absent", "There is no package demo/absent"],
  ["revision absent", `${sample}@nothing`, "no revision or tag"],
  ["package without files", "/r/:empty/p/demo/empty", "This revision has no files"],
  ["files", `${sample}/files/`, "Things to try"],
  ["directory", `${sample}/files/data/`, "stations.json"],
  ["directory with metadata", "/r/:rich/p/demo/rich/files/data/", "Metadata of this directory"],
  ["file absent", `${sample}/files/nothing.txt`, "The package has nothing at"],
  ["table", `${sample}/files/data/weather.csv`, "1,095 rows"],
  ["parquet", "/r/:tables/p/demo/flights/files/flights.parquet", "2001-01-01"],
  ["SQL", `${sample}/files/data/weather.csv?view=sql`, "The table entry is this file"],
  ["lines of JSON", "/r/:tables/p/demo/flights/files/lines.jsonl", "2 columns"],
  ["text", `${sample}/files/code/means.py#L10-L12`, "19 lines"],
  ["json", `${sample}/files/data/stations.json`, "Brightwater"],
  ["markdown", `${sample}/files/README.md`, "Things to try"],
  ["picture", `${sample}/files/pictures/warmth.png`, "365 × 96 pixels"],
  ["drawing", `${sample}/files/pictures/map.svg`, "pixels"],
  ["bytes", `${sample}/files/pictures/warmth.png?view=hex`, "00000000"],
  ["page in a frame", "/r/:rich/p/demo/rich/files/report/index.html", "Shown without its scripts"],
  ["notebook", "/r/:rich/p/demo/rich/files/explore.ipynb", "4 cells"],
  ["chart", "/r/:rich/p/demo/rich/files/charts/cars.vl.json", "Chart"],
  ["PDF", "/r/:rich/p/demo/rich/files/report/figures.pdf", "2 pages"],
  ["sound", "/r/:rich/p/demo/rich/files/tone.wav", "0:02"],
  ["summary", "/r/:rich/p/demo/rich", "Prices of stocks"],
  ["link of another catalog", "/b/rich/packages/demo/rich/tree/latest/explore.ipynb", "4 cells"],
  ["link unknown", "/uri/quilt%2Bs3%3A%2F%2Fno-bucket%23package%3Da%2Fb", "does not know the registry s3://no-bucket"],
  ["revisions", `${sample}/revisions`, "first revision"],
  ["revisions in pages", "/r/:many/p/demo/many/revisions?from=30", "31–40 of 40"],
  ["compare rows", `${sample}/compare?file=data/weather.csv`, "rows told apart by date, town"],
  ["compare lines", `${sample}/compare?file=README.md`, "lines added"],
  ["compare an added file", `${sample}/compare?file=code/means.py`, "19 lines"],
  ["compare with metadata", "/r/:many/p/demo/many/compare", "Metadata of the package"],
  ["compare pictures", "/r/:many/p/demo/pictures/compare", "Side by side"],
  ["compare the same", `${sample}/compare/latest`, "Identical: both have one top hash"],
  ["compare with another package", `${sample}/compare/demo/hello`, "5 changes"],
  ["compare with nothing", `${sample}@latest~1/compare`, "There is nothing before this revision"],
  ["compare with what is absent", `${sample}/compare/nothing`, "no revision or tag"],
  ["metadata", `${sample}/metadata`, "Aldermoor"],
  ["metadata with a workflow", "/r/:many/p/demo/governed/metadata", "Published under these rules"],
  ["metadata that is empty", "/r/:empty/p/demo/empty/metadata", "This revision has no metadata"],
];

/** A registry's rules: whoever names none publishes under `described`. */
const WORKFLOWS =
  'version: "1"\ndefault_workflow: described\nworkflows: {described: {name: Described, is_message_required: true}}';
/** Registries by name; what is in folders is in buckets of MinIO as well. */
const ids: Record<"folder" | "bucket", Record<string, string>> = { folder: {}, bucket: {} };
const firstRun: unknown[] = [];

const address = (path: string, place: keyof typeof ids): string =>
  path.replace(/\/:([a-z]+)/, (_, name: string) => `/${ids[place][name] ?? ids.folder[name]}`);

async function opens(location: string): Promise<string> {
  return new URL(await openRegistry(opened(), location)).pathname.split("/")[2] ?? "";
}

/** Pages that tell what is wrong, and are right so. */
const WRONG = /absent|unknown|lost|bucket/;

interface Findings {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { html: string; failureSummary: string }[];
  }[];
}

async function violations(page: Page): Promise<unknown[]> {
  // The page's own policy holds for the checker as well: it comes in beside the page's scripts, once into each page.
  if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(`${AXE}; 0`);
  const found = await page.evaluate<Findings>(`axe.run(document, ${JSON.stringify(AXE_OPTIONS)})`);
  return found.violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]),
  }));
}

/** From here on, Web Vitals call it poor: a quarter of what is in sight moves by the whole page, once. Most pages have a tenth of it. */
const MOST_SHIFT = 0.25;
/** Adds up what moves in the page without the reader's doing. */
const WATCH_SHIFT = `globalThis.shift = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) shift += value;
}).observe({ type: "layout-shift", buffered: true });`;

beforeAll(async () => {
  const { page } = opened();
  await page.addInitScript(WATCH_SHIFT);
  const empty = join(home, "empty");
  await push({ registry: empty, name: "demo/empty" }, {}, { message: "Nothing yet" });
  await page.getByText("No packages yet").waitFor();
  firstRun.push(...(await violations(page)));
  await page.getByRole("button", { name: "Create a sample registry" }).click();
  await page.waitForURL(/\/r\/sample-registry-/);
  ids.folder["sample"] = new URL(page.url()).pathname.split("/")[2] ?? "";
  ids.folder["empty"] = await opens(empty);
  const bare = join(home, "bare");
  mkdirSync(join(bare, ".quilt"), { recursive: true });
  ids.folder["bare"] = await opens(bare);
  const tables = join(home, "tables");
  const flights = join(dirname(createRequire(import.meta.url).resolve("vega-datasets")), "../data/flights-3m.parquet");
  await new Package()
    .set("flights.parquet", flights)
    .then((pkg) => pkg.setText("lines.jsonl", '{"a":1,"b":"x"}\n{"a":2}\n'))
    .then((pkg) => pkg.push("demo/flights", tables));
  const many = join(home, "many");
  for (let run = 0; run < 40; run++) {
    await push(
      { registry: many, name: "demo/many" },
      { "log.txt": `run ${run}` },
      { message: `Run ${run}`, meta: { run } },
    );
  }
  const governed = { "README.md": "# Governed" };
  mkdirSync(join(many, ".quilt/workflows"));
  writeFileSync(join(many, ".quilt/workflows/config.yml"), WORKFLOWS);
  await push({ registry: many, name: "demo/governed" }, governed, { message: "By the rules", meta: { source: "lab" } });
  for (const name of ["7zip", "gimp"]) {
    const bytes = readFileSync(join(dirname(flights), `${name}.png`));
    await push({ registry: many, name: "demo/pictures" }, { "logo.png": bytes }, { message: name });
  }
  ids.folder["many"] = await opens(many);
  const rich = join(home, "rich");
  await pushRich(rich, dirname(flights));
  ids.folder["rich"] = await opens(rich);
  for (const name of ["denied", "gone", "expired"]) {
    ids.folder[name] = await opens(`s3://${name}`);
  }
  buckets.isRefusing = true;
  for (const [name, folder] of Object.entries({ sample: sampleLocation(), empty, many, rich, tables })) {
    const bucket = `${name}-${process.pid}-${Date.now()}`;
    await makeBucket(minio, bucket);
    await copyRegistry(folder, `s3://${bucket}`);
    ids.bucket[name] = await opens(`s3://${bucket}`);
  }
  ids.folder["tables"] = await opens(tables);
}, 120_000);

it("the first run, without any registry, is for everybody", () => expect(firstRun).toEqual([]));

/** The address of the page that stands there. */
let shown: string | undefined;

describe.each(PAGES)("%s", (name, path, text) => {
  // In a quick look a page of no registry is not loaded again: it turns into its other look.
  it.each(isCampaign ? FULL : QUICK)(
    "in $look, from a $place: whole, without complaint, and for everybody",
    async (as) => {
      const { look, place, width, height, ...media } = as;
      const { page, complaints } = opened();
      complaints.length = 0;
      await page.setViewportSize({ width, height });
      await page.emulateMedia(media);
      const href = address(path, place);
      const isLoaded = isCampaign || shown !== href;
      if (isLoaded) await page.goto(opened().origin + href);
      shown = href;
      await page.getByText(text).filter({ visible: true }).first().waitFor();
      await page.evaluate("document.fonts.ready");
      if (PICTURES !== undefined)
        await page.screenshot({ path: join(PICTURES, `${name} ${look}.png`.replaceAll(" ", "-")) });
      if (!WRONG.test(name)) expect(await page.locator(".problem").allTextContents()).toEqual([]);
      expect(await violations(page)).toEqual([]);
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(overflow, "nothing may be wider than the page").toBeLessThanOrEqual(0);
      const shift = await page.evaluate<number>("shift");
      if (isLoaded) expect(shift, "nothing may jump while it loads").toBeLessThan(MOST_SHIFT);
      // That a package's own page runs nothing by itself is no complaint.
      expect(complaints.filter((line) => !line.startsWith("console: Blocked script execution"))).toEqual([]);
    },
  );
});
