import { isAbsolute } from "node:path";
import { Hono } from "hono";
import { T4Error } from "t4";
import type { SearchLine, SummaryResult } from "./api.js";
import { inLanes } from "./lanes.js";
import { type LineWork, linesWhile } from "./lines.js";
import { locate } from "./locate.js";
import { bodyOf } from "./package-requests.js";
import { describe } from "./problem.js";
import { packageNames } from "./registries.js";
import { createSample } from "./sample.js";
import { createPackageSearch } from "./search-packages.js";
import type { Services } from "./services.js";
import { summarize } from "./summaries.js";

const LONGEST_QUERY = 500;
/** Summaries in one answer, and those that are made at once: each may index a revision of a million files. */
const MOST_SUMMARIES = 100;
const LANES = 4;

/** Registries and the packages in them. */
export function registryRoutes({ registries, revisions }: Services): Hono {
  const app = new Hono();
  const search = createPackageSearch();
  app.get("/registries", async (context) => context.json(await registries.list()));
  app.post("/registries", async (context) => {
    const { location } = await bodyOf(context);
    const known = await registries.open(requirePlace(location));
    return context.json({ id: known.id });
  });
  app.post("/sample", async (context) => context.json({ id: (await registries.open(await createSample())).id }));
  app.get("/locate", async (context) => {
    const { q = "", registry } = context.req.query();
    return context.json(await locate(registries, { text: q.trim(), registry }));
  });
  app.get("/r/:reg/packages", async (context) => {
    return context.json({ names: await packageNames(await registries.get(context.req.param("reg"))) });
  });
  app.get("/r/:reg/search", async (context) => {
    const known = await registries.get(context.req.param("reg"));
    const text = (context.req.query("q") ?? "").slice(0, LONGEST_QUERY);
    const work: LineWork<SearchLine> = async (send, signal) => search(known, { text, send, signal });
    return context.body(linesWhile(work), 200, { "Content-Type": "application/x-ndjson" });
  });
  app.get("/r/:reg/summaries", async (context) => {
    const known = await registries.get(context.req.param("reg"));
    const names = (context.req.queries("name") ?? []).slice(0, MOST_SUMMARIES);
    const work: LineWork<SummaryResult> = async (send, signal) =>
      inLanes(names, { lanes: LANES, signal }, async (name) => {
        // One damaged package must not hide the others.
        send(await summarize(known, name, revisions).catch((error: unknown) => ({ name, error: describe(error) })));
      });
    return context.body(linesWhile(work), 200, { "Content-Type": "application/x-ndjson" });
  });
  return app;
}

/** A page has no working directory that a relative path could begin at. */
function requirePlace(location: unknown): string {
  const named = typeof location === "string" ? location.trim() : "";
  if (named === "local" || /^(?:~|file:|s3:)/.test(named) || isAbsolute(named)) return named;
  throw new T4Error("ERR_T4_USAGE", `${JSON.stringify(named)} is neither an absolute path nor a bucket.`, {
    hint: "Give the whole path of a folder, beginning with / or ~, or s3://bucket.",
  });
}
