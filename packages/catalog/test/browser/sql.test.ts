import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { push, temporaryHome } from "../fixture.js";
import { openRegistry, useCatalog } from "./browse.js";

const home = temporaryHome();
const registry = join(home, "registry");
const opened = useCatalog();
vi.setConfig({ testTimeout: 90_000 });
let file: string;

beforeAll(async () => {
  const rows = Array.from({ length: 2000 }, (_, i) => `${i},${i % 3 === 0 ? "Oslo" : "Rome"}`).join("\n");
  const topHash = await push({ registry, name: "alice/a" }, { "t.csv": `n,city\n${rows}\n` });
  file = `${await openRegistry(opened(), registry)}/p/alice/a@${topHash}/files/t.csv`;
}, 60_000);

describe("SQL on a table", () => {
  it("runs when the reader says so; its address holds the statement and runs nothing", async () => {
    const { page, complaints } = opened();
    complaints.length = 0;
    await page.goto(file);
    await page.getByRole("button", { name: "SQL", exact: true }).click();
    const editor = page.getByLabel("SQL on this file");
    await editor.fill("select city, count(*) as many from entry group by city order by many");
    await editor.press("Control+Enter");
    const result = page.getByRole("table", { name: "Result" });
    await result.getByText("667").waitFor();
    expect(await result.getByRole("row").nth(1).innerText()).toMatch(/Oslo\s+667/);
    expect(await result.getByRole("columnheader").allInnerTexts()).toEqual(["city\nvarchar", "many\nbigint"]);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.method()));
    await page.reload();
    await page.getByText("The table entry is this file").waitFor();
    expect(await editor.inputValue()).toContain("group by city");
    expect(asked).not.toContain("POST");
    await page.getByRole("button", { name: "Profile" }).click();
    await result.getByText("column_name").waitFor();
    await page.getByText("2 rows").waitFor();
    expect(complaints).toEqual([]);
  });

  it("shows the rows of a bar, and those with the greatest values of a column, at a press; Back leads to the table", async () => {
    const { page } = opened();
    await page.goto(file);
    await page.getByText("2,000 rows").waitFor();
    await page
      .getByRole("group", { name: /^Values of city/ })
      .getByTitle("Oslo: 667")
      .click();
    await page.getByText("667 rows").waitFor();
    expect(await page.getByLabel("SQL on this file").inputValue()).toContain(`where "city"::varchar = 'Oslo'`);
    await page.goBack();
    await page.getByText("2,000 rows").waitFor();
    await page.getByTitle("n: the greatest first, in SQL").click();
    await page.getByRole("table", { name: "Result" }).getByText("1999").waitFor();
  });

  it("tells how far a long statement is, and ends it", async () => {
    const { page } = opened();
    await page.goto(`${file}?view=sql`);
    await page.getByLabel("SQL on this file").fill("select sum(a.n * b.n + c.n) from entry a, entry b, entry c");
    await page.getByRole("button", { name: /^Run/ }).click();
    await page.getByText(/^computing, \d+ %$/).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("The table entry is this file").waitFor();
  });

  it("says what is wrong with a statement", async () => {
    const { page } = opened();
    await page.goto(`${file}?view=sql&sql=selec%201`);
    await page.getByRole("button", { name: /^Run/ }).click();
    await page.getByText("The statement is no SQL").waitFor();
  });
});
