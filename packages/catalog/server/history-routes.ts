import { Hono } from "hono";
import type { Resolved } from "./api.js";
import { fileHistory } from "./file-history.js";
import { placeInHistory, revisionPage } from "./history.js";
import { nameOf, numberOf } from "./package-requests.js";
import type { Services } from "./services.js";

/** Revisions in one part of the history: each costs a read for its message. */
const MOST_REVISIONS = 100;
/** Revisions in one part of a file's history: each costs a look into its manifest. */
const MOST_STATES = 30;

/** The revisions of a package, what one of them is, and those in which a file changed. */
export function historyRoutes({ registries, capabilities }: Services): Hono {
  const app = new Hono();
  app.get("/r/:reg/p/:ns/:name/revisions", async (context) => {
    const { registry } = await registries.get(context.req.param("reg"));
    const limit = Math.min(MOST_REVISIONS, numberOf(context, "limit", MOST_REVISIONS));
    const page = await revisionPage(registry, nameOf(context), { offset: numberOf(context, "offset", 0), limit });
    return context.json(page);
  });
  app.get("/r/:reg/p/:ns/:name/history", async (context) => {
    const known = await registries.get(context.req.param("reg"));
    const history = await fileHistory(known, {
      name: nameOf(context),
      path: context.req.query("path") ?? "",
      offset: numberOf(context, "offset", 0),
      limit: Math.min(MOST_STATES, numberOf(context, "limit", MOST_STATES)),
    });
    return context.json(history);
  });
  app.get("/r/:reg/p/:ns/:name/resolve", async (context) => {
    const { registry, id } = await registries.get(context.req.param("reg"));
    const name = nameOf(context);
    const topHash = await registry.resolve(name, context.req.query("revision"));
    const raw = capabilities.rawPath({ registryId: id, name, topHash });
    const place = await placeInHistory(registry, name, topHash);
    return context.json({ topHash, latest: await registry.resolve(name), raw, ...place } satisfies Resolved);
  });
  return app;
}
