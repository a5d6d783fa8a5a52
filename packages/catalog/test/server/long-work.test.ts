import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Hono } from "hono";
import type { Progress } from "t4";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createLongWorks, type LongWork, READ_MS, STATEMENT_MS } from "#server/long-work.js";
import { thrown } from "#server/problem.js";
import type { WorkProgress } from "#server/table-api.js";
import { HOST, push, type TestCatalog, temporaryHome, testCatalog } from "../fixture.js";

const home = temporaryHome();
const registry = join(home, "registry");
let catalog: TestCatalog;
let base: string;

beforeAll(async () => {
  const numbers = Array.from({ length: 5000 }, (_, i) => i).join("\n");
  const topHash = await push({ registry, name: "alice/a" }, { "n.csv": `n\n${numbers}\n` });
  catalog = testCatalog();
  const { id } = await catalog.registries.open(registry);
  base = `/api/v1/r/${id}/p/alice/a/m/${topHash}`;
});

describe("a statement under way", () => {
  it("tells by its word how far it is, until it ends with its request", async () => {
    const leave = new AbortController();
    const word = "a-word-of-mine";
    const headers = { Host: HOST, Authorization: `Bearer ${catalog.session.secret}` };
    const asked = catalog.app.request(`http://${HOST}${base}/sql?path=n.csv`, {
      method: "POST",
      signal: leave.signal,
      body: JSON.stringify({ statement: "select sum(a.n * b.n + c.n) from entry a, entry b, entry c" }),
      headers: { ...headers, "Content-Type": "application/json", "X-T4-Work": word },
    });
    const look = async (): Promise<WorkProgress | null> => catalog.json(`/api/v1/work/${word}`);
    let progress = await look();
    while (progress?.isComputing !== true || progress.bytesDone === 0) {
      await setTimeout(20);
      progress = await look();
    }
    expect(progress.bytesTotal).toBe(23_892);
    expect(await catalog.json("/api/v1/work/another")).toBeNull();
    leave.abort();
    await asked;
    expect(await look()).toBeNull();
  });
});

describe("long work", () => {
  afterEach(() => void vi.useRealTimers());

  const waiting: LongWork<never> = async ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));

  const run = (work: LongWork<unknown>): Promise<Response> => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const app = new Hono();
    const works = createLongWorks();
    app.onError((error, context) => thrown(context, error));
    app.get("/", async (context) => context.json(await works.run(context, STATEMENT_MS, work)));
    return Promise.resolve(app.request("/"));
  };
  const computing: Progress = { phase: "query", filesDone: 0, bytesDone: 0 };

  it("has its time from when it computes: what a bucket sends first is not counted", async () => {
    let tell: (progress: Progress) => void = () => undefined;
    let isEnded = false;
    const asked = run(async (options) => {
      tell = options.onProgress;
      return waiting(options).finally(() => (isEnded = true));
    });
    await vi.advanceTimersByTimeAsync(2 * STATEMENT_MS);
    tell(computing);
    await vi.advanceTimersByTimeAsync(STATEMENT_MS - 1);
    expect(isEnded).toBe(false);
    tell(computing);
    await vi.advanceTimersByTimeAsync(1);
    expect(await (await asked).json()).toMatchObject({
      code: "ERR_T4_BUSY",
      message: "The statement was stopped after 30 seconds.",
    });
  });

  it("ends also when nothing comes", async () => {
    const asked = run(waiting);
    await vi.advanceTimersByTimeAsync(READ_MS);
    expect(await (await asked).json()).toMatchObject({
      code: "ERR_T4_BUSY",
      message: "The files could not be read within 10 minutes.",
    });
  });
});
