import { beforeAll, expect, it, vi } from "vitest";
import { push, temporaryHome } from "../fixture.js";
import { useBuckets } from "../served-buckets.js";
import { openRegistry, useCatalog } from "./browse.js";

const home = temporaryHome();
const buckets = useBuckets(home);
const opened = useCatalog();
vi.setConfig({ testTimeout: 60_000 });
const registry = "s3://lab-data";
const LINES = 400_000;
let topHash: string;

beforeAll(async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => `${i},${i * i}`).join("\n");
  const log = Array.from({ length: LINES }, (_, i) => `line ${i + 1}\n`).join("");
  const files = { "README.md": "# From a bucket", "data/table.csv": `n,square\n${rows}\n`, "log.txt": log };
  topHash = await push({ registry, name: "alice/a" }, files, { message: "First" });
}, 60_000);

it("a registry in a bucket is opened, read and remembered; of large text only what is seen is read", async () => {
  const { page, complaints, origin } = opened();
  const { server } = buckets();
  const base = `${await openRegistry(opened(), registry)}/p/alice/a`;
  await page.getByRole("link", { name: "alice/a" }).click();
  await page.getByRole("heading", { name: "From a bucket" }).waitFor();
  expect(await page.getByLabel("CLI snippet").innerText()).toContain("--registry s3://lab-data");
  await page.goto(`${base}@${topHash}/files/data/table.csv`);
  await page.getByText("3,000 rows").waitFor();
  server.log.clear();
  await page.goto(`${base}/files/log.txt`);
  await page.getByText("line 20", { exact: true }).waitFor();
  const reads = server.log.entries.filter(({ key }) => key.endsWith("log.txt"));
  expect(reads.length).toBeGreaterThan(0);
  expect(reads.every(({ headers }) => headers["range"] !== undefined)).toBe(true);
  await page.goto(origin);
  await page.getByRole("link", { name: /lab-data.*bucket/s }).click();
  await page.getByRole("link", { name: "alice/a" }).waitFor();
  expect(complaints).toEqual([]);
});

it("a bucket that is not there is told in its place", async () => {
  const { page, origin } = opened();
  await page.goto(origin);
  await page.getByLabel("Open a registry", { exact: true }).fill("s3://no-such-bucket");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByText("NoSuchBucket").first().waitFor();
});
