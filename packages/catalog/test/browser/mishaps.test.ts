import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Package } from "t4";
import { beforeAll, expect, it } from "vitest";
import { push, temporaryHome } from "../fixture.js";
import { openRegistry, useCatalog } from "./browse.js";

const home = temporaryHome();
const registry = join(home, "registry");
const catalog = useCatalog();
const FILES = 3000;
let packages: string;
let base: string;

/** Metadata in which each value is in another one, so often. */
function nested(depth: number): Record<string, unknown> {
  let value: Record<string, unknown> = { end: true };
  for (let i = 0; i < depth; i++) value = { d: value };
  return value;
}

beforeAll(async () => {
  const pkg = new Package();
  for (let i = 0; i < FILES; i++) await pkg.setText(`f${i}.txt`, "x".repeat(i % 7));
  await pkg.push("alice/many", registry);
  const csv = { "t.csv": "a\n1\n1\n" };
  await push({ registry, name: "alice/deep" }, csv, { meta: nested(600) as Parameters<typeof push>[2] & object });
  await push(
    { registry, name: "alice/deep" },
    { "t.csv": "a,b\n1,2\n1,2\n", "README.md": `${"> ".repeat(1500)}end\n\nthe last words` },
    { meta: nested(600) as Parameters<typeof push>[2] & object },
  );
  packages = await openRegistry(catalog(), registry);
  base = `${packages}/p/alice`;
}, 120_000);

it("a page that fails says so, and the next one is shown", async () => {
  const { page, complaints } = catalog();
  const address = "**/entry?path=f1.txt";
  await page.route(address, async (route) => {
    const answer = (await (await route.fetch()).json()) as object;
    await route.fulfill({ json: { ...answer, path: 7 } });
  });
  await page.goto(`${base}/many/files/f1.txt`);
  await page.getByText(/The catalog could not show this/).waitFor();
  await page.unroute(address);
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.getByRole("link", { name: "alice/deep" }).waitFor();
  expect(complaints).toEqual([]);
});

it("rows without a key, to which a column came, are compared", async () => {
  const { page } = catalog();
  await page.goto(`${base}/deep/compare`);
  await page.getByText("no key: rows are compared as a whole").waitFor();
  expect(await page.getByText("2 removed").count()).toBe(1);
});

it("metadata and quotes of any depth leave the page as it is", async () => {
  const { page, complaints } = catalog();
  await page.goto(`${base}/deep`);
  await page.getByText("the last words").waitFor();
  const tree = page.locator(".meta-tree").first();
  expect(await tree.locator("details").count()).toBeLessThan(5);
  await tree.locator("summary").last().click();
  await expect.poll(async () => tree.locator("details").count()).toBeGreaterThan(2);
  expect(complaints).toEqual([]);
});

it("a list that is sorted anew shows what is in sight, wherever it stands", async () => {
  const { page } = catalog();
  await page.goto(`${base}/many/files/`);
  const grid = page.getByRole("table", { name: "Files in this revision" });
  await grid.getByText("f0.txt").waitFor();
  await grid.evaluate((element) => element.scrollTo(0, 1500 * 36));
  await expect.poll(async () => grid.locator(".bone").count()).toBe(0);
  const asked = page.waitForResponse(/sort=-size&offset=1400/);
  await grid.getByRole("button", { name: /Size/ }).click();
  await asked;
  await expect.poll(async () => grid.locator(".bone").count()).toBe(0);
});

it("the link to the content works, and the keyboard goes with the reader", async () => {
  const { page } = catalog();
  await page.goto(packages);
  const link = page.getByRole("link", { name: "alice/many" });
  await link.waitFor();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.className)).toBe("skip-link");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.getElementById("main")?.contains(document.activeElement))).toBe(true);
  await link.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /many/ }).first().waitFor();
  await expect.poll(async () => page.evaluate(() => document.activeElement?.id)).toBe("main");
});

it("two keys do what they do together, and not what the second does alone", async () => {
  const { page } = catalog();
  await page.goto(`${base}/deep`);
  await page.getByText("Use this revision").waitFor();
  await page.evaluate(async () => navigator.clipboard.writeText("before"));
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await page.waitForURL(/\/compare/);
  expect(await page.evaluate(async () => navigator.clipboard.readText())).toBe("before");
});

it("bytes that are gone are told of by every view", async () => {
  const { page } = catalog();
  const place = join(home, "gone");
  const names = ["a.png", "a.mp4", "a.html"];
  await push({ registry: place, name: "alice/gone" }, Object.fromEntries(names.map((name) => [name, name])));
  for (const [, { physicalKey }] of (await Package.browse("alice/gone", { registry: place })).walk()) {
    rmSync(fileURLToPath(physicalKey as string));
  }
  const address = await openRegistry(catalog(), place);
  for (const name of names) {
    await page.goto(`${address}/p/alice/gone/files/${name}`);
    await page.getByText(new RegExp(`The bytes of ${name} are gone`)).waitFor();
  }
});

it("what stands in a box stays when the address is made one that lasts", async () => {
  const { page } = catalog();
  await page.goto(`${base}/deep/files/t.csv?view=sql`);
  const box = page.getByRole("textbox").last();
  await box.fill("select 42");
  await page.getByRole("heading", { name: "deep" }).or(page.locator("h2").first()).first().click();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("y");
  await page.waitForURL(/@[0-9a-f]{64}/);
  expect(await box.inputValue()).toBe("select 42");
});
