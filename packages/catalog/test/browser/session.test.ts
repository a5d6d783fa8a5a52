import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { push, temporaryHome } from "../fixture.js";
import { openRegistry, useCatalog } from "./browse.js";

const registry = join(temporaryHome(), "registry");
const catalog = useCatalog();
const asked: IncomingHttpHeaders[] = [];
let other: Server;
let otherUrl: string;
let stranger: BrowserContext | undefined;

beforeAll(async () => {
  await push({ registry, name: "alice/a" }, { "a.csv": "a\n1\n1\n" });
  // A server of somebody else on this machine, as JupyterLab's terminal or another user's program are.
  other = createServer(({ headers }, response) => {
    asked.push(headers);
    response.setHeader("Content-Type", "text/html");
    response.end(`<a href="${link}">the printed address</a>`);
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  stranger = await catalog().context.browser()?.newContext();
});
afterAll(async () => {
  await stranger?.close();
  other.close();
});
let link = "";

/** A page of a browser that has nothing of ours. */
async function newPage(): Promise<Page> {
  if (stranger === undefined) throw new Error("The browser is not open yet.");
  return stranger.newPage();
}

it("goes to no other server of this machine, and lives in all tabs", async () => {
  const { page, context, origin } = catalog();
  const address = await openRegistry(catalog(), registry);
  const tab = await context.newPage();
  await tab.goto(otherUrl);
  expect(asked[0]).toBeDefined();
  expect(asked[0]?.cookie).toBeUndefined();
  await tab.goto(address);
  await tab.getByText("alice/a").first().waitFor();
  await tab.close();
  expect((await context.cookies(origin)).map(({ name }) => name)).toEqual([]);
  expect(page.url()).toBe(address);
});

it("is not open to a browser that does not have it, which is told what to do", async () => {
  const page = await newPage();
  await page.goto(`${catalog().origin}/r/x`);
  await page.getByText("This catalog is locked.").waitFor();
  expect(await page.locator(".command code").textContent()).toBe("t4 catalog");
  await page.close();
});

it("opens from a link of another site, and stays open when the page is loaded again", async () => {
  const server = new URL("../../../t4/dist/catalog/server.js", import.meta.url).href;
  const { startCatalog } = (await import(/* @vite-ignore */ server)) as {
    startCatalog: (options: object) => Promise<{ url: string; close: () => Promise<void> }>;
  };
  const running = await startCatalog({ target: registry });
  try {
    link = running.url;
    const page = await newPage();
    await page.goto(otherUrl);
    await page.getByRole("link").click();
    await page.getByText("alice/a").first().waitFor();
    expect(page.url()).toBe(running.url.split("#")[0]);
    await page.reload();
    await page.getByText("alice/a").first().waitFor();
    // The address is spent; a browser that has the session is let in by it all the same, one that has not is not.
    await page.goto(otherUrl);
    await page.getByRole("link").click();
    await page.getByText("alice/a").first().waitFor();
    const { page: third } = catalog();
    await third.goto(running.url);
    await third.getByText("This catalog is locked.").waitFor();
    await page.close();
  } finally {
    await running.close();
  }
});

it("is taken from an address that is put into a tab of the same server", async () => {
  const { page, origin } = catalog();
  const address = await openRegistry(catalog(), registry);
  await page.evaluate(() => localStorage.clear());
  await page.route(`${origin}/api/v1/session`, async (route) => route.fulfill({ json: { secret: "another" } }));
  await page.goto(`${address}#token=another`);
  // Loaded again with what it was given, which this server does not know.
  await page.getByText("This catalog is locked.").waitFor();
  await page.unroute(`${origin}/api/v1/session`);
});
