import { setTimeout } from "node:timers/promises";
import { type Browser, type BrowserContext, chromium, type Page, type Request } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
/** Debian's browser, started once for all files of tests, which one process runs; it ends with that. */
let started: Promise<Browser> | undefined;

type Catalog = { readonly url: string; close(): Promise<void> };

/** A catalog with a browser that has opened it. */
export interface OpenCatalog {
  readonly origin: string;
  readonly page: Page;
  readonly context: BrowserContext;
  /** Violations of the policy, errors of scripts, dialogs, and requests to other hosts: there must be none. */
  readonly complaints: string[];
  /** Goes to an address as a link leads there, without loading the catalog again. */
  readonly follow: (href: string) => Promise<void>;
  /** Waits until the page has asked for nothing for a moment. */
  readonly settled: () => Promise<void>;
  /**
   * The most that the page's thread does without a pause while something runs, in milliseconds of its processor: unlike
   * the clock's, these are the same on a machine that is busy.
   */
  readonly longestTask: (run: () => Promise<void>) => Promise<number>;
}

/** Starts the catalog as users get it, and opens it in the browser. */
export function useCatalog(): () => OpenCatalog {
  let open: OpenCatalog | undefined;
  let context: BrowserContext | undefined;
  let catalog: Catalog | undefined;
  beforeAll(async () => {
    const server = new URL("../../../t4/dist/catalog/server.js", import.meta.url).href;
    const { startCatalog } = (await import(/* @vite-ignore */ server)) as { startCatalog: () => Promise<Catalog> };
    catalog = await startCatalog();
    const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
    const browser = await (started ??= chromium.launch({ executablePath, args: FLAGS }));
    // What moves only to say that something is awaited would be drawn all the time.
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const { origin } = new URL(catalog.url);
    const longestTask = traceTasks(browser, page);
    const follow = (href: string): Promise<void> => page.evaluate(FOLLOW, href);
    open = {
      origin,
      page,
      context,
      complaints: listen(page, origin),
      follow,
      settled: watchRequests(page),
      longestTask,
    };
    await page.goto(catalog.url);
    await page.getByRole("main").waitFor();
  }, 60_000);
  afterAll(async () => {
    await context?.close();
    await catalog?.close();
  }, 60_000);
  return () => {
    if (open === undefined) throw new Error("The catalog is not open yet.");
    return open;
  };
}

/** A link that is pressed, wherever the page stands. */
const FOLLOW = (href: string): void => {
  const link = Object.assign(document.createElement("a"), { href });
  document.body.append(link);
  link.click();
  link.remove();
};

/** Opens a registry on the catalog's first page, and resolves to the address of its packages. */
export async function openRegistry({ page, origin }: OpenCatalog, location: string): Promise<string> {
  await page.goto(origin);
  await page.getByLabel("Open a registry", { exact: true }).fill(location);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.waitForURL(/\/r\//);
  return page.url();
}

function listen(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    // What the server answers is judged elsewhere.
    if (message.type() !== "error" || /the server responded with a status of/.test(message.text())) return;
    complaints.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (/^(?:data|blob):/.test(request.url())) return;
    const { origin: asked, pathname } = new URL(request.url());
    // No picture and no frame asks the API.
    const isOwn = asked === origin && (!pathname.startsWith("/api/") || request.resourceType() === "fetch");
    if (!isOwn) complaints.push(`request: ${request.url()}`);
  });
  page.on("popup", (popup) => complaints.push(`popup: ${popup.url()}`));
  return complaints;
}

/** Playwright's own wait for a quiet network takes half a second at least. */
const QUIET_MS = 100;

function watchRequests(page: Page): () => Promise<void> {
  const running = new Set<Request>();
  let lastAt = 0;
  const change = (request: Request, isRunning: boolean): void => {
    if (isRunning) running.add(request);
    else running.delete(request);
    lastAt = Date.now();
  };
  page.on("request", (request) => change(request, true));
  page.on("requestfinished", (request) => change(request, false));
  page.on("requestfailed", (request) => change(request, false));
  return async () => {
    lastAt = Date.now();
    while (running.size > 0 || Date.now() - lastAt < QUIET_MS) {
      await setTimeout(QUIET_MS / 4);
      // A page that is busy still may ask when it is done.
      await page.evaluate("new Promise((done) => requestIdleCallback(done))");
    }
  };
}

/** What Chromium writes down of its work; times are in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Time of the thread's processor. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

function traceTasks(browser: Browser, page: Page): OpenCatalog["longestTask"] {
  return async (run) => {
    await browser.startTracing(page, { categories: ["toplevel"] });
    await run();
    const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
    const threads = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
    const isPage = ({ pid, tid }: TraceEvent): boolean => threads.some((one) => one.pid === pid && one.tid === tid);
    const tasks = traceEvents.filter((event) => event.name.endsWith("RunTask") && isPage(event));
    if (tasks.length === 0) throw new Error("Chromium wrote down no task of the page.");
    return Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000));
  };
}
