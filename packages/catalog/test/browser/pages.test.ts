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
  resultTypes: ["violations"],
  // The frames of strangers' pages run no checker, which would be waited for.
  iframes: false,
};
const ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What another theme may break, and what another size. */
const COLOR_RULES = ["color-contrast", "link-in-text-block"];
const LAYOUT_RULES = [
  "target-size",
  "scrollable-region-focusable",
  "meta-viewport",
  "heading-order",
  "bypass",
  "region",
];
const RULES_OF_COLOR = { type: "rule", values: COLOR_RULES };
const RULES_OF_LOOKS = { type: "rule", values: [...COLOR_RULES, ...LAYOUT_RULES] };
// Pictures for human eyes; CI keeps them.
const PICTURES = process.env["T4_PICTURES"];
/** The states that pictures are kept of; in a campaign, of all. */
const PICTURED =
  /^(?:home|packages|bucket without access|overview|files|file absent|table|SQL|text|json|picture|notebook|chart|summary|revisions|compare (?:rows|lines|pictures)|metadata with a workflow)$/;
if (PICTURES !== undefined) mkdirSync(PICTURES, { recursive: true });

/** How a page is loaded, and the theme into which it then turns. */
interface Visit {
  readonly size: string;
  readonly place: "folder" | "bucket";
  readonly width: number;
  readonly height: number;
  readonly themes: readonly ("light" | "dark")[];
  /** Whether the address is opened, or reached by a link from the page before. */
  readonly isLoaded: boolean;
  readonly forcedColors: "none" | "active";
}

/** Each page is seen wide and narrow, of a folder and of a bucket, opened and reached by a link, and light and dark each time. */
const VISITS: readonly Visit[] = [
  {
    size: "wide",
    place: "folder",
    width: 1280,
    height: 800,
    isLoaded: true,
    themes: ["light", "dark"],
    forcedColors: "none",
  },
  {
    size: "narrow",
    place: "bucket",
    width: 390,
    height: 844,
    isLoaded: false,
    themes: ["dark", "light"],
    forcedColors: "none",
  },
];
const MORE_VISITS: readonly Visit[] = [
  {
    size: "small",
    place: "folder",
    width: 320,
    height: 640,
    isLoaded: true,
    themes: ["light", "dark"],
    forcedColors: "none",
  },
  {
    size: "forced colors",
    place: "bucket",
    width: 1280,
    height: 800,
    isLoaded: true,
    themes: ["dark"],
    forcedColors: "active",
  },
];

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
  ["files of a package without files", "/r/:empty/p/demo/empty/files/", "This revision has no files"],
  ["revisions of a package with one", "/r/:empty/p/demo/empty/revisions", "first revision"],
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
  ["revisions in pages", "/r/:many/p/demo/many/revisions?from=30", "31–32 of 32"],
  ["compare rows", `${sample}/compare?file=data/weather.csv`, "rows told apart by date, town"],
  ["compare lines", `${sample}/compare?file=README.md`, "lines added"],
  ["compare an added file", `${sample}/compare?file=code/means.py`, "19 lines"],
  ["compare with metadata", "/r/:many/p/demo/many/compare", "Metadata of the package"],
  ["compare pictures", "/r/:many/p/demo/pictures/compare", "Side by side"],
  ["compare the same", `${sample}/compare/latest`, "Identical: both have one top hash"],
  ["compare with another package", `${sample}/compare/demo/hello`, "8 changes"],
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

async function violations(page: Page, runOnly: unknown = ALL_RULES): Promise<unknown[]> {
  // The page's own policy holds for the checker as well: it comes in beside the page's scripts, once into each page.
  if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(`${AXE}; 0`);
  const found = await page.evaluate<Findings>(`axe.run(document, ${JSON.stringify({ ...AXE_OPTIONS, runOnly })})`);
  return found.violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]),
  }));
}

/** Up to here, Web Vitals call it good: a tenth of what is in sight moves by the whole page, once. */
const MOST_SHIFT = 0.1;
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
  for (let run = 0; run < 32; run++) {
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

async function picture(page: Page, name: string, look: string): Promise<void> {
  if (PICTURES === undefined || !(isCampaign || PICTURED.test(name))) return;
  await page.screenshot({ path: join(PICTURES, `${name} ${look}.png`.replaceAll(" ", "-")) });
}

describe.each(PAGES)("%s", (name, path, text) => {
  it.each(isCampaign ? [...VISITS, ...MORE_VISITS] : VISITS)(
    "$size, from a $place, in each theme: whole, without complaint, and for everybody",
    async ({ size, place, width, height, themes, isLoaded, forcedColors }) => {
      const { page, complaints, origin, follow } = opened();
      complaints.length = 0;
      await page.setViewportSize({ width, height });
      const [first, ...others] = themes;
      await page.emulateMedia({ colorScheme: first ?? null, forcedColors });
      const href = origin + address(path, place);
      await page.evaluate("shift = 0");
      await (isLoaded ? page.goto(href, { waitUntil: "commit" }) : follow(href));
      await page.getByText(text).filter({ visible: true }).first().waitFor();
      await page.evaluate("document.fonts.ready");
      await picture(page, name, `${size} ${first}`);
      if (!WRONG.test(name)) expect(await page.locator(".problem").allTextContents()).toEqual([]);
      expect(await violations(page, isLoaded ? ALL_RULES : RULES_OF_LOOKS)).toEqual([]);
      const [overflow, shift] = await page.evaluate<[number, number]>(
        "[document.documentElement.scrollWidth - document.documentElement.clientWidth, shift]",
      );
      expect(overflow, "nothing may be wider than the page").toBeLessThanOrEqual(0);
      expect(shift, "nothing may jump while it loads").toBeLessThan(MOST_SHIFT);
      for (const theme of others) {
        await page.emulateMedia({ colorScheme: theme });
        await picture(page, name, `${size} ${theme}`);
        expect(await violations(page, RULES_OF_COLOR)).toEqual([]);
      }
      // That a package's own page runs nothing by itself is no complaint.
      expect(complaints.filter((line) => !line.startsWith("console: Blocked script execution"))).toEqual([]);
    },
  );
});
