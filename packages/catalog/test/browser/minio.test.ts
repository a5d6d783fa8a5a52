import { ENGINE_ACCOUNT, type Engine, engines } from "testkit/engines.js";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { push, temporaryHome } from "../fixture.js";
import { enterService } from "../s3-environment.js";
import { openRegistry, useCatalog } from "./browse.js";
import { makeBucket } from "./copy-registry.js";

const home = temporaryHome();
const [minio] = engines("minio") as [Engine];
const opened = useCatalog();
vi.setConfig({ testTimeout: 150_000 });
const bucket = `flows-${process.pid}-${Date.now()}`;
const registry = `s3://${bucket}`;
// Few rows, of more bytes than the browser compares itself.
const ROWS = 90_000;
const NOTE = "n".repeat(280);
let leave: () => void;
let base: string;

const table = (changed: number): string => {
  const rows = Array.from(
    { length: ROWS },
    (_, i) => `${i},${i % 30_000 === changed ? "changed" : "as it was"},${NOTE}`,
  );
  return `id,state,note\n${rows.join("\n")}\n`;
};

beforeAll(async () => {
  leave = enterService(home, { url: minio.url, account: ENGINE_ACCOUNT });
  await makeBucket(minio, bucket);
  for (const run of [1, 2]) {
    const files = { "README.md": `# Run ${run}`, "data/large.csv": table(run), "same.txt": "same" };
    await push({ registry, name: "alice/a" }, files, { message: `Run ${run}`, meta: { city: "oslo" } });
  }
  base = `${await openRegistry(opened(), registry)}/p/alice/a`;
}, 120_000);
afterAll(() => leave());

it("a package in a bucket is found by its metadata, read and verified", async () => {
  const { page, complaints } = opened();
  await page.getByLabel("Filter packages by name, message or metadata").fill("city=rome");
  await page.getByText("No package matches").waitFor();
  await page.getByLabel("Filter packages by name, message or metadata").fill("city=oslo");
  await page.getByRole("link", { name: "alice/a" }).click();
  await page.getByRole("heading", { name: "Run 2" }).waitFor();
  await page.getByRole("button", { name: "Verify" }).click();
  await page.getByText("verified 3/3").waitFor();
  expect(complaints).toEqual([]);
});

it("a large table in a bucket is described and compared over all of its rows", async () => {
  const { page, complaints } = opened();
  await page.goto(`${base}/files/data/large.csv`);
  await page.getByText("bars of the first 10,000 rows").waitFor();
  await page.getByRole("button", { name: "Read all rows" }).click();
  await page.getByText("bars of all 90,000 rows").waitFor({ timeout: 60_000 });
  await page.getByText("0 … 89,999").waitFor();
  await page.goto(`${base}/compare?file=data/large.csv`);
  await page.getByText("rows told apart by id").waitFor({ timeout: 100_000 });
  await page.getByText("6 rows changed").waitFor();
  await page.getByText("89,994 the same").waitFor();
  expect(await page.getByRole("table", { name: "Rows that differ" }).getByRole("row").nth(1).innerText()).toMatch(
    /~\s*modified\s+1\s+changed → as it was/,
  );
  expect(complaints).toEqual([]);
});
