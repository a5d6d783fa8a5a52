import { type Context, Hono } from "hono";
import { compareRows, type TableState } from "./compare-rows.js";
import { type LongWork, WHOLE_TABLE_MS } from "./long-work.js";
import { answer, nameOf, requireTopHash } from "./package-requests.js";
import { profileTable } from "./profile-table.js";
import type { KnownRegistry } from "./registries.js";
import type { Services } from "./services.js";
import type { RowComparison, TableProfile } from "./table-api.js";

/** What is found by reading all rows of a table; each answer stands below a top hash, and never changes. */
export function tableRoutes({ registries, revisions, works, trustBuckets }: Services): Hono {
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
    const profile: LongWork<TableProfile> = (options) => profileTable(entry, options);
    return answer(context, await works.run(context, WHOLE_TABLE_MS, profile));
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
    const compare: LongWork<RowComparison> = (options) => compareRows({ ...query, ...options });
    return answer(context, await works.run(context, WHOLE_TABLE_MS, compare));
  });
  return app;
}

function pathOf(context: Context): string {
  return context.req.query("path") ?? "";
}
