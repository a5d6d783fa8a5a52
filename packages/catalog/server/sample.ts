import { isT4Error, type JsonInput, openRegistry, Package, type Registry } from "t4";
import { heatMap, weatherCsv, wetDays } from "./sample-files.js";
import { sampleLocation } from "./sample-location.js";

const README = `# Weather of three towns

A small package to try the catalog with. The towns are invented, the days are those of 2025.

| file | what it holds |
| --- | --- |
| [\`data/weather.csv\`](data/weather.csv) | a row per town and day |
| [\`data/stations.json\`](data/stations.json) | where the stations stand |

Things to try: press \`t\` and type *csv*; press \`y\` for a link that never changes its meaning; look at the
**Revisions**; copy a snippet of **Use this revision** into your terminal.
`;

const PICTURE = `
![A year's warmth, a day per column](pictures/warmth.png)

The chart below stands in \`quilt_summarize.json\`; [a notebook](explore.ipynb) shows how the means were made.
`;

const CHART = {
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  data: { url: "../data/weather.csv" },
  height: 260,
  mark: { type: "line", interpolate: "monotone" },
  encoding: {
    x: { timeUnit: "month", field: "date", title: null },
    y: { aggregate: "mean", field: "celsius", title: "°C, mean of the month" },
    color: { field: "town", title: null },
  },
};

const SUMMARY = [
  { path: "charts/warmth.vl.json", title: "A year in three towns", description: "Drawn from `data/weather.csv`." },
];

/** As Jupyter would have written it. */
function notebook(): JsonInput {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "python3", language: "python", display_name: "Python 3" } },
    cells: [
      { cell_type: "markdown", metadata: {}, source: "# Monthly means\n\nThe same as `code/means.py`, step by step." },
      {
        cell_type: "code",
        metadata: {},
        execution_count: 1,
        source: 'import pandas as pd\n\nweather = pd.read_csv("data/weather.csv", parse_dates=["date"])\nlen(weather)',
        outputs: [{ output_type: "execute_result", execution_count: 1, metadata: {}, data: { "text/plain": "1095" } }],
      },
      {
        cell_type: "code",
        metadata: {},
        execution_count: 2,
        source: 'weather.groupby("town").rain_mm.apply(lambda rain: (rain > 0).mean()).round(2).to_frame("wet days")',
        outputs: [
          { output_type: "execute_result", execution_count: 2, metadata: {}, data: { "text/html": wetDays() } },
        ],
      },
    ],
  };
}

const CODE = `"""Monthly means of the sample package, with nothing but the standard library."""

import csv
from collections import defaultdict
from statistics import mean


def monthly_means(path):
    """Mean temperature by town and month."""
    values = defaultdict(list)
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            values[row["town"], row["date"][:7]].append(float(row["celsius"]))
    return {key: round(mean(column), 1) for key, column in values.items()}


if __name__ == "__main__":
    for (town, month), celsius in sorted(monthly_means("data/weather.csv").items()):
        print(f"{month}  {town:12} {celsius:5.1f} °C")
`;

const STATIONS = {
  stations: [
    { town: "Aldermoor", height_m: 212, sensors: ["thermometer", "rain gauge"], since: 1994, active: true },
    {
      town: "Brightwater",
      height_m: 8,
      sensors: ["thermometer", "rain gauge", "anemometer"],
      since: 2003,
      active: true,
    },
    { town: "Cinderfell", height_m: 1340, sensors: ["thermometer"], since: 1971, active: true, note: null },
  ],
  units: { celsius: "°C", rain_mm: "mm", wind_ms: "m/s" },
};

const MAP = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200">
<rect width="320" height="200" fill="#dcebe3"/><path d="M0 150C80 120 140 190 320 130V200H0Z" fill="#8fbfd9"/>
<g fill="#31525b" font-family="sans-serif" font-size="13"><circle cx="70" cy="90" r="5"/><text x="80" y="94">Aldermoor</text>
<circle cx="210" cy="140" r="5"/><text x="220" y="136">Brightwater</text>
<circle cx="180" cy="40" r="5"/><text x="190" y="44">Cinderfell</text></g></svg>
`;

async function hasPackages(registry: Registry): Promise<boolean> {
  try {
    for await (const _ of registry.packages()) return true;
  } catch (error) {
    // The first push makes it.
    if (!isT4Error(error, "ERR_T4_NOT_FOUND")) throw error;
  }
  return false;
}

/** Makes the sample registry, two packages with some history, unless it is there; resolves to its path. */
export async function createSample(): Promise<string> {
  const location = sampleLocation();
  const registry = await openRegistry(location);
  if (await hasPackages(registry)) return location;

  const meta = {
    source: "invented",
    year: 2025,
    towns: ["Aldermoor", "Brightwater", "Cinderfell"],
    license: "CC0-1.0",
  };
  const weather = new Package().setMeta(meta);
  await weather.setText("README.md", README);
  await weather.setText("data/weather.csv", weatherCsv(181), { meta: { rows: 543 } });
  await weather.setJson("data/stations.json", STATIONS);
  await weather.push("demo/weather", location, { message: "First half of the year" });
  await weather.setText("README.md", README + PICTURE);
  await weather.setText("data/weather.csv", weatherCsv(365), { meta: { rows: 1095 } });
  await weather.setText("code/means.py", CODE);
  await weather.setBytes("pictures/warmth.png", heatMap());
  await weather.setText("pictures/map.svg", MAP);
  await weather.setJson("charts/warmth.vl.json", CHART);
  await weather.setJson("quilt_summarize.json", SUMMARY);
  await weather.setJson("explore.ipynb", notebook());
  await weather.push("demo/weather", location, { message: "The whole year, with pictures" });
  await registry.tag("demo/weather", "whole-year");

  const notes = new Package();
  await notes.setText("hello.txt", "A package can be as small as one file.\n");
  await notes.push("demo/hello", location, { message: "Hello" });
  return location;
}
