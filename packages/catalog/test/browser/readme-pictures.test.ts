import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Package } from "t4";
import { beforeAll, expect, it, vi } from "vitest";
import { temporaryHome } from "../fixture.js";
import { useBuckets } from "../served-buckets.js";
import { openRegistry, useCatalog } from "./browse.js";

const home = temporaryHome();
useBuckets(home);
const opened = useCatalog();
vi.setConfig({ testTimeout: 90_000 });
const DATA = join(dirname(createRequire(import.meta.url).resolve("vega-datasets")), "../data");
// The pictures in docs/pictures are made of these by pngquant.
const PICTURES = process.env["T4_PICTURES"];
let base: string;

const README = `# Weather of Seattle

Four years of daily observations, and what was made of them.

| file | what it holds |
| --- | --- |
| [\`daily/observations.csv\`](daily/observations.csv) | a row per day: rain, warmest, coldest, wind |
| [\`flights/delays.parquet\`](flights/delays.parquet) | three million flights of 2001, with their delays |
| [\`charts/warmest.vl.json\`](charts/warmest.vl.json) | the year's course, drawn from the first |

**Ready to use**: \`t4 install climate/seattle\` gets all of it, verified.
`;

const CHART = JSON.stringify({
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  data: { url: "../daily/observations.csv" },
  height: 360,
  mark: { type: "circle", opacity: 0.6 },
  encoding: {
    x: { timeUnit: "monthdate", field: "date", title: "day of the year" },
    y: { field: "temp_max", type: "quantitative", title: "warmest, °C" },
    size: { field: "precipitation", type: "quantitative", title: "rain, mm" },
    color: { field: "weather", type: "nominal" },
  },
});

beforeAll(async () => {
  const lines = readFileSync(join(DATA, "seattle-weather.csv"), "utf8").trim().split("\n");
  const pkg = new Package().setMeta({
    source: "NOAA",
    station: "GHCND:USW00024233",
    years: [2012, 2015],
    license: "PD",
  });
  const csv = "daily/observations.csv";
  // As it was before somebody looked at it again: three years, a few readings wrong.
  const first = lines
    .slice(0, 1096)
    .map((line, i) => (i % 97 === 5 ? line.replace(/,[^,]*,([^,]*)$/, ",0.0,$1") : line));
  await pkg.setText("README.md", README);
  await pkg.setText(csv, `${first.join("\n")}\n`, { meta: { rows: 1095 } });
  await pkg.push("climate/seattle", "s3://lab-data", { message: "Three years of observations" });
  await pkg.setText("charts/warmest.vl.json", CHART);
  await pkg.set("flights/delays.parquet", join(DATA, "flights-3m.parquet"));
  await pkg.push("climate/seattle", "s3://lab-data", { message: "Charts; delays of flights" });
  await pkg.setText(csv, `${lines.join("\n")}\n`, { meta: { rows: 1461 } });
  await pkg.push("climate/seattle", "s3://lab-data", { message: "2015, and wind readings that were lost" });
  base = `${await openRegistry(opened(), "s3://lab-data")}/p/climate/seattle`;
  if (PICTURES !== undefined) mkdirSync(PICTURES, { recursive: true });
}, 90_000);

it.each([
  ["overview", "light", "", "Ready to use"],
  ["table", "dark", "/files/flights/delays.parquet", "bars of all 3,000,000 rows"],
  ["compare", "light", "/compare?file=daily/observations.csv", "rows told apart by date"],
  ["chart", "dark", "/files/charts/warmest.vl.json", "Use this file"],
] as const)("the picture %s shows what the README says", async (...shown) => {
  const [name, colorScheme, path, text] = shown;
  const { page, settled, complaints } = opened();
  complaints.length = 0;
  await page.setViewportSize({ width: 1360, height: 800 });
  await page.emulateMedia({ colorScheme });
  await page.goto(base + path);
  await page.getByText(text).first().waitFor({ timeout: 60_000 });
  if (name === "chart") await page.frameLocator("iframe").locator("svg").waitFor();
  await settled();
  expect(await page.locator(".problem").allTextContents()).toEqual([]);
  expect(complaints).toEqual([]);
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `readme-${name}.png`) });
});
