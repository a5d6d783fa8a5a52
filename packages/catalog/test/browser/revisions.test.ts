import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { push, temporaryHome } from "../fixture.js";
import { openRegistry, useCatalog } from "./browse.js";

const home = temporaryHome();
const registry = join(home, "registry");
const opened = useCatalog();
vi.setConfig({ testTimeout: 90_000 });
let base: string;

beforeAll(async () => {
  await push({ registry, name: "lab/first" }, { "a.txt": "a" }, { message: "Words", meta: { city: "Oslo" } });
  base = await openRegistry(opened(), registry);
}, 60_000);

describe("two revisions", () => {
  it("are chosen in the history, compared, and swapped; a file's lines are one click away", async () => {
    const { page, complaints } = opened();
    complaints.length = 0;
    const old = { "a.csv": "id,v\n1,x\n2,y\n", "notes.txt": "one\ntwo\n", "gone/a": "1", "gone/b": "2" };
    const first = await push({ registry, name: "alice/two" }, old, { message: "Before" });
    const now = { "a.csv": "id,v\n1,x\n2,z\n3,w\n", "notes.txt": "one\n2\n", "new.txt": "n" };
    const second = await push({ registry, name: "alice/two" }, now, { message: "After" });
    const at = `${base}/p/alice/two`;
    await page.goto(`${at}/revisions`);
    await page.getByRole("checkbox", { name: /After/ }).check();
    await page.getByText("Choose one more").waitFor();
    await page.getByRole("checkbox", { name: /Before/ }).check();
    await page
      .getByRole("link", { name: /^Compare/ })
      .first()
      .click();
    await page.waitForURL(`${at}@${second}/compare/${first}`);
    await page.getByText("rows told apart by id").waitFor();
    const rows = page.getByRole("table", { name: "Rows that differ" });
    expect(await rows.getByRole("row").nth(1).innerText()).toMatch(/2[\s\S]*y → z/);
    await page.getByRole("link", { name: "notes.txt" }).click();
    await page.getByText("1 line added").waitFor();
    expect(page.url()).toContain("?file=notes.txt");
    await page.getByRole("button", { name: "Removed", exact: true }).click();
    await page.getByRole("link", { name: /gone\/.*2 files/ }).waitFor();
    await page.getByRole("link", { name: "Swap the two revisions" }).click();
    await page.waitForURL(`${at}@${first}/compare/${second}`);
    expect(complaints).toEqual([]);
  });
});

it("a revision is compared with one of another package, and back", async () => {
  const { page, complaints } = opened();
  complaints.length = 0;
  const mine = await push({ registry, name: "alice/mine" }, { "a.csv": "id,v\n1,x\n2,y\n" }, { message: "Mine" });
  const fork = await push({ registry, name: "bob/fork" }, { "a.csv": "id,v\n1,x\n2,z\n", "b.txt": "b" });
  await push({ registry, name: "bob/fork" }, { "a.csv": "id,v\n1,x\n" }, { message: "Later" });
  await page.goto(`${base}/p/alice/mine/compare/alice/mine`);
  await page.getByText("Identical: both have one top hash").waitFor();
  await page.getByRole("button", { name: "Another package" }).click();
  await page.getByRole("combobox", { name: "Compare with a package" }).fill("fork");
  await page.getByRole("option", { name: "bob/fork" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(`${base}/p/alice/mine@${mine}/compare/bob/fork`);
  await page.getByText("1 added").waitFor();
  await page.getByLabel("Revision before").selectOption(fork);
  await page.waitForURL(`${base}/p/alice/mine@${mine}/compare/bob/fork%40${fork}`);
  expect(await page.getByRole("table", { name: "Rows that differ" }).getByRole("row").nth(1).innerText()).toMatch(
    /2[\s\S]*z → y/,
  );
  await page.getByRole("link", { name: "b.txt" }).click();
  await page.getByText("removed", { exact: true }).last().waitFor();
  await page.getByRole("link", { name: "b.txt removed" }).click();
  await page.waitForURL(`${base}/p/bob/fork@${fork}/files/b.txt`);
  await page.goBack();
  await page.getByRole("link", { name: "Swap the two revisions" }).click();
  await page.waitForURL(`${base}/p/bob/fork@${fork}/compare/alice/mine%40${mine}`);
  expect(complaints).toEqual([]);
});

it("a file tells in which revisions it became another one", async () => {
  const { page, complaints } = opened();
  complaints.length = 0;
  const name = "alice/long";
  const first = await push({ registry, name }, { "a.txt": "1", n: "0" }, { message: "Begin" });
  for (let n = 1; n < 25; n++)
    await push({ registry, name }, { "a.txt": n < 12 ? "1" : "2", n: `${n}` }, { message: `${n}` });
  await page.goto(`${base}/p/alice/long/files/a.txt`);
  const card = page.locator(".history-card");
  await card.getByText("20 of 25 revisions read").waitFor();
  expect(await card.getByRole("link").allInnerTexts()).toEqual(["12"]);
  await card.getByRole("button", { name: "Look further back" }).click();
  await card.getByText("All 25 revisions read").waitFor();
  await card.getByRole("link", { name: "Begin" }).click();
  await page.waitForURL(`${base}/p/alice/long@${first}/files/a.txt`);
  expect(complaints).toEqual([]);
});

it("verifies on demand, and names what is damaged", async () => {
  const { page } = opened();
  const place = join(home, "damaged");
  await push({ registry: place, name: "alice/fine" }, { "a.txt": "a", "b.txt": "b" });
  const at = `${await openRegistry(opened(), place)}/p/alice/fine`;
  await page.goto(at);
  await page.getByText("Use this revision").waitFor();
  await page.keyboard.press("v");
  await page.getByRole("button", { name: "verified 2/2" }).waitFor();
  rmSync(join(place, ".quilt/t4/objects"), { recursive: true });
  await page.reload();
  await page.getByRole("button", { name: "verified 2/2" }).click();
  await page.getByRole("heading", { name: "2 files are not what this revision says" }).waitFor();
  await page.getByRole("button", { name: "2 damaged" }).waitFor();
});

it("goes where a pasted link leads", async () => {
  const { page } = opened();
  const topHash = await push({ registry, name: "alice/a" }, { "data/table.csv": "a\n1\n" });
  await page.goto(base);
  await page.getByRole("link", { name: "alice/a" }).waitFor();
  await page.keyboard.press("/");
  await page.getByRole("combobox").fill(`quilt+file://${registry}#package=alice/a@${topHash}&path=data/table.csv`);
  await page.getByText("Enter goes there").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(`${base}/p/alice/a@${topHash}/files/data/table.csv`);
});

it("finds packages by their metadata, and says why", async () => {
  const { page } = opened();
  await push({ registry, name: "lab/second" }, { "a.txt": "a" }, { message: "Other words", meta: { city: "Lima" } });
  await page.goto(base);
  await page.getByLabel("Filter packages by name, message or metadata").fill("city=oslo");
  await page.getByText("city: Oslo").waitFor();
  expect(await page.getByRole("link", { name: "lab/second" }).count()).toBe(0);
  await page.getByRole("link", { name: "lab/first" }).click();
  await page.waitForURL(`${base}/p/lab/first`);
});
