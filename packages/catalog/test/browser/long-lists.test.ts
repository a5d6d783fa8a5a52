import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Package } from "t4";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { push, temporaryHome } from "../fixture.js";
import { useBuckets } from "../served-buckets.js";
import { openRegistry, useCatalog } from "./browse.js";

const home = temporaryHome();
const buckets = useBuckets(home);
const opened = useCatalog();
vi.setConfig({ testTimeout: 120_000 });
const PACKAGES = 10_000;
let many: string;
let flights: string;

beforeAll(async () => {
  // In a bucket of the memory: on some disks so many directories take minutes.
  await push({ registry: "s3://plain", name: "lab-000/set-0000" }, { "a.txt": "a" }, { message: "One for all" });
  const { objects } = buckets().simulator.bucket("plain");
  const pointers = objects.keys().filter((key) => key.includes("/lab-000/set-0000/"));
  for (let i = 1; i < PACKAGES; i++) {
    const name = `lab-${String(Math.floor(i / 100)).padStart(3, "0")}/set-${String(i).padStart(4, "0")}`;
    for (const key of pointers) {
      const pointer = objects.present(key);
      if (pointer !== undefined) objects.add({ ...pointer, key: key.replace("lab-000/set-0000", name) });
    }
  }
  many = await openRegistry(opened(), "s3://plain");
  const tables = join(home, "tables");
  const data = join(dirname(createRequire(import.meta.url).resolve("vega-datasets")), "../data/flights-3m.parquet");
  await (await new Package().set("flights.parquet", data)).push("demo/flights", tables);
  flights = `${await openRegistry(opened(), tables)}/p/demo/flights/files/flights.parquet`;
}, 120_000);

interface Scrolled {
  /** Elements of the page. */
  readonly most: number;
  /** How many were put in or taken out. */
  readonly changed: number;
  /** What the page did at most in one go, in milliseconds of its processor: so long no frame could come. */
  readonly longestMs: number;
}

/** Moves a list by screens, and through these places. */
async function scrollThrough(label: string, places: readonly number[]): Promise<Scrolled> {
  const { page, settled, longestTask } = opened();
  const list = page.getByRole("table", { name: label });
  let [most, changed] = [0, 0];
  const longestMs = await longestTask(async () => {
    await list.evaluate(async (element) => {
      for (let screen = 0; screen < 20; screen++) {
        element.scrollBy(0, element.clientHeight);
        await new Promise(requestAnimationFrame);
      }
    });
    for (const place of places) {
      changed += await list.evaluate(async (element, share) => {
        let count = 0;
        const watch = (records: MutationRecord[]): void => {
          for (const { addedNodes, removedNodes } of records) count += addedNodes.length + removedNodes.length;
        };
        const observer = new MutationObserver(watch);
        observer.observe(element, { childList: true, subtree: true });
        element.scrollTo(0, element.scrollHeight * share);
        for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
        watch(observer.takeRecords());
        observer.disconnect();
        return count;
      }, place);
      await settled();
      most = Math.max(most, await page.evaluate(() => document.querySelectorAll("*").length));
    }
  });
  return { most, changed, longestMs };
}

/** What no frame may take. */
const MOST_MS = 50;
const PLACES = [0.1, 0.5, 0.999, 0.3, 1, 0];

describe("10,000 packages", () => {
  it("are one list, of which only the rows in sight are asked for and made", async () => {
    const { page, settled } = opened();
    const { server } = buckets();
    await settled();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    server.log.clear();
    await page.goto(many);
    await page.getByText("10,000 packages").waitFor();
    await settled();
    const lists = server.log.entries.filter(({ operation }) => operation === "ListObjectsV2");
    expect(lists.length).toBeLessThan(300);
    const summaries = asked.filter((url) => url.includes("/summaries?"));
    const names = summaries.flatMap((url) => new URL(url).searchParams.getAll("name"));
    expect(asked.filter((url) => url.endsWith("/packages"))).toEqual([`${many.replace("/r/", "/api/v1/r/")}/packages`]);
    expect(names.length).toBeLessThan(60);
    const { most, longestMs } = await scrollThrough("Packages", PLACES);
    expect(most).toBeLessThan(1500);
    expect(longestMs).toBeLessThan(MOST_MS);
    await page.getByLabel("Filter packages by name, message or metadata").fill("set-7777");
    await page.getByText("1 of 10,000 packages").waitFor();
    await page.getByRole("link", { name: "lab-077/set-7777" }).click();
    await page.getByText("Use this revision").waitFor();
  });
});

describe("3,000,000 rows", () => {
  it("cost a jump no more elements than a screen of rows, wherever it goes", async () => {
    const { page, settled } = opened();
    await page.goto(flights);
    await page.getByText("bars of all 3,000,000 rows").waitFor({ timeout: 60_000 });
    await settled();
    const { most, changed, longestMs } = await scrollThrough("Rows", PLACES);
    expect(most).toBeLessThan(1500);
    expect(longestMs).toBeLessThan(MOST_MS);
    // Rows that leave and rows that come, six times: some 40 of 6 cells with what is in them.
    expect(changed).toBeLessThan(PLACES.length * 1500);
    const rows = page.getByRole("table", { name: "Rows" });
    await rows.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    const last = rows.getByRole("link", { name: "3,000,000", exact: true });
    await last.waitFor();
    const [inner, outer] = [await last.boundingBox(), await rows.boundingBox()];
    expect(inner?.y).toBeGreaterThan((outer?.y ?? 0) + (outer?.height ?? 0) / 2);
    expect((inner?.y ?? 0) + (inner?.height ?? 0)).toBeLessThanOrEqual((outer?.y ?? 0) + (outer?.height ?? 0));
  });

  it("move by as much as the wheel turns", async () => {
    const { page, settled } = opened();
    await page.goto(`${flights}?row=2000000`);
    const row = page.getByRole("link", { name: "2,000,000", exact: true });
    await page.getByText("bars of all 3,000,000 rows").waitFor({ timeout: 60_000 });
    await settled();
    await row.hover();
    const before = await row.boundingBox();
    await page.mouse.wheel(0, 90);
    await expect.poll(async () => (await row.boundingBox())?.y).toBe((before?.y ?? 0) - 90);
  });

  it("have addresses, which are found by their numbers", async () => {
    const { page, complaints } = opened();
    complaints.length = 0;
    await page.goto(flights);
    await page.getByLabel("Go to row").fill("1234567");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${flights}?row=1234567`);
    await page.getByRole("link", { name: "1,234,567", exact: true }).waitFor();
    await page.reload();
    const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "1,234,567", exact: true }) });
    expect(await row.getAttribute("class")).toContain("is-target");
    await page.getByRole("link", { name: "1,234,568", exact: true }).click();
    await page.waitForURL(`${flights}?row=1234568`);
    expect(complaints).toEqual([]);
  });
});
