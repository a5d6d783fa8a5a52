import { type Context, Hono } from "hono";
import type { PackageEntry } from "t4";
import type { DirectoryPage, EntryFacts, RevisionFacts, RevisionTotals } from "./api.js";
import { findFiles } from "./find-files.js";
import { glanceAt } from "./glance.js";
import type { OpenRevision } from "./open-revisions.js";
import { answer, nameOf, numberOf, requireTopHash } from "./package-requests.js";
import { notFound } from "./problem.js";
import { type DirectoryQuery, extensionsOf, listDirectory, SORTS, totals } from "./revision-index.js";
import type { Services } from "./services.js";

/** Names in one part of a listing, and in one answer of the finder. */
const MOST_CHILDREN = 1000;
const MOST_FOUND = 100;

/** All that is below a top hash, which never changes. */
export function packageRoutes({ registries, revisions }: Services): Hono {
  const app = new Hono();
  const open = async (context: Context): Promise<OpenRevision> => {
    const topHash = requireTopHash(context.req.param("topHash") ?? "");
    return revisions(await registries.get(context.req.param("reg") ?? ""), { name: nameOf(context), topHash });
  };

  app.get("/r/:reg/p/:ns/:name/m/:topHash", async (context) => {
    const { pkg } = await open(context);
    const { message, meta, workflow = null, count } = pkg;
    const facts = { name: nameOf(context), topHash: pkg.topHash(), message, meta, workflow, count };
    return answer(context, facts satisfies RevisionFacts);
  });
  app.get("/r/:reg/p/:ns/:name/m/:topHash/totals", async (context) => {
    const index = await (await open(context)).index();
    return answer(context, { bytes: totals(index).bytes, extensions: extensionsOf(index) } satisfies RevisionTotals);
  });
  app.get("/r/:reg/p/:ns/:name/m/:topHash/dir", async (context) => {
    const path = context.req.query("path") ?? "";
    const revision = await open(context);
    const query: DirectoryQuery = {
      offset: numberOf(context, "offset", 0),
      limit: Math.min(MOST_CHILDREN, numberOf(context, "limit", MOST_CHILDREN)),
      sort: SORTS.find((sort) => sort === context.req.query("sort")) ?? "name",
    };
    const meta = revision.pkg.metaOf(path);
    const isHasty = query.sort === "name" && context.req.query("counted") === undefined && !revision.isQuick();
    const glance = isHasty ? glanceAt(revision.pkg, path, query) : undefined;
    if (glance !== undefined) return answer(context, { ...glance, meta } satisfies DirectoryPage);
    const page = listDirectory(await revision.index(), path, query);
    if (page === undefined) throw notFound(`This revision has no directory ${JSON.stringify(path)}.`);
    return answer(context, { ...page, meta } satisfies DirectoryPage);
  });
  app.get("/r/:reg/p/:ns/:name/m/:topHash/entry", async (context) => {
    const { pkg } = await open(context);
    return answer(context, entryFacts(pkg.entry(context.req.query("path") ?? "")));
  });
  app.get("/r/:reg/p/:ns/:name/m/:topHash/find", async (context) => {
    const index = await (await open(context)).index();
    const limit = Math.min(MOST_FOUND, numberOf(context, "limit", MOST_FOUND));
    return answer(context, findFiles(index.keys, context.req.query("q") ?? "", limit));
  });
  return app;
}

function entryFacts(entry: PackageEntry): EntryFacts {
  const { logicalKey, size, hash, physicalKey, meta } = entry;
  return { path: logicalKey, size: size ?? null, hash: hash ?? null, physicalKey: physicalKey ?? null, meta };
}
