import { type Context, Hono } from "hono";
import { compareRows, type TableState } from "./compare-rows.js";
import { answer, nameOf, requireTopHash } from "./package-requests.js";
import { profileTable } from "./profile-table.js";
import type { KnownRegistry } from "./registries.js";
import type { Services } from "./services.js";
import { WHOLE_TABLE_MS, withinLimit } from "./table-sql.js";

/** What is found by reading all rows of a table; each answer stands below a top hash, and never changes. */
export function tableRoutes({ registries, revisions, trustBuckets }: Services): Hono {
  const app = new Hono();
  const stateOf = async (
    known: KnownRegistry,
    { name, topHash, path }: { readonly name: string; readonly topHash: string; readonly path: string },
  ): Promise<TableState> => {
    const { pkg } = await revisions(known, { name, topHash });
    return { entry: pkg.entry(path), table: `${name}@${topHash}/${path}` };
  };
  app.get("/r/:reg/p/:ns/:name/m/:topHash/profile", async (context) => {
    const known = await registries.get(context.req.param("reg"));
    const revision = { name: nameOf(context), topHash: requireTopHash(context.req.param("topHash")) };
    const { entry } = await stateOf(known, { ...revision, path: pathOf(context) });
    const profile = (signal: AbortSignal): ReturnType<typeof profileTable> => profileTable(entry, signal);
    return answer(context, await withinLimit(limitOf(context), profile));
  });
  app.get("/r/:reg/p/:ns/:name/m/:topHash/rows/:base", async (context) => {
    const known = await registries.get(context.req.param("reg"));
    const path = pathOf(context);
    const before = await stateOf(known, {
      name: context.req.query("of") ?? nameOf(context),
      topHash: requireTopHash(context.req.param("base")),
      path: context.req.query("from") ?? path,
    });
    const after = await stateOf(known, {
      name: nameOf(context),
      topHash: requireTopHash(context.req.param("topHash")),
      path,
    });
    const query = { before, after, key: context.req.queries("key") ?? [], registry: known.registry.url, trustBuckets };
    const compare = (signal: AbortSignal): ReturnType<typeof compareRows> => compareRows({ ...query, signal });
    return answer(context, await withinLimit(limitOf(context), compare));
  });
  return app;
}

function pathOf(context: Context): string {
  return context.req.query("path") ?? "";
}

function limitOf(context: Context): Parameters<typeof withinLimit>[0] {
  return { asked: context.req.raw.signal, mostMs: WHOLE_TABLE_MS };
}
