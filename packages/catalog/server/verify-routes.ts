import { type Context, Hono } from "hono";
import type { Verification } from "./api.js";
import { linesWhile } from "./lines.js";
import { indexed } from "./open-revisions.js";
import { nameOf, requireTopHash } from "./package-requests.js";
import { totals } from "./revision-index.js";
import type { Services } from "./services.js";
import { verifyRevision } from "./verify-revision.js";

/** Time between two reports. */
const REPORT_MS = 150;

/** Verifying on demand: a line of JSON as it goes, and the last result while this server runs. */
export function verifyRoutes({ registries, revisions }: Services): Hono {
  const app = new Hono();
  const results = new Map<string, Verification>();
  app.get("/r/:reg/p/:ns/:name/m/:topHash/verify", (context) => context.json(results.get(keyOf(context)) ?? null));
  app.post("/r/:reg/p/:ns/:name/m/:topHash/verify", async (context) => {
    const key = keyOf(context);
    const known = await registries.get(context.req.param("reg"));
    const topHash = context.req.param("topHash");
    const { pkg, index } = await indexed(await revisions(known, { name: nameOf(context), topHash }));
    const verify = async (send: (state: Verification) => void, signal: AbortSignal): Promise<void> => {
      const onProgress = throttled(send);
      const result = await verifyRevision({ pkg, ofBytes: totals(index).bytes, signal, onProgress });
      if (result.isDone) results.set(key, result);
      send(result);
    };
    return context.body(linesWhile(verify), 200, { "Content-Type": "application/x-ndjson" });
  });
  return app;
}

function keyOf(context: Context): string {
  return `${context.req.param("reg")} ${nameOf(context)} ${requireTopHash(context.req.param("topHash") ?? "")}`;
}

function throttled(send: (state: Verification) => void): (state: Verification) => void {
  let last = 0;
  return (state) => {
    if (Date.now() - last < REPORT_MS) return;
    last = Date.now();
    send(state);
  };
}
