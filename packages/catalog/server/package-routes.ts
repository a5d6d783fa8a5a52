import { type Context, Hono } from "hono";
import { isT4Error, type PackageEntry, type Registry, T4Error } from "t4";
import type { DirectoryPage, EntryFacts, Resolved, RevisionFacts, RevisionRow } from "./api.js";
import { findFiles } from "./find-files.js";
import { IMMUTABLE } from "./headers.js";
import { jsonText } from "./json-text.js";
import type { OpenRevision } from "./open-revisions.js";
import { notFound } from "./problem.js";
import { extensionsOf, listDirectory, SORTS, type Sort, totals } from "./revision-index.js";
import type { Services } from "./services.js";

/** Names in one part of a listing, and in one answer of the finder. */
const MOST_CHILDREN = 1000;
const MOST_FOUND = 100;

/** The revisions of a package, and all that is below a top hash, which never changes. */
export function packageRoutes(services: Services): Hono {
  const { registries, revisions, capabilities } = services;
  const app = new Hono();
  const open = async (context: Context): Promise<OpenRevision> => {
    const topHash = requireTopHash(context.req.param("topHash") ?? "");
    return revisions(await registries.get(context.req.param("reg") ?? ""), { name: nameOf(context), topHash });
  };

  app.get("/r/:reg/p/:ns/:name/revisions", async (context) => {
    const { registry } = await registries.get(context.req.param("reg"));
    return context.json(await listRevisions(registry, nameOf(context)));
  });
  app.get("/r/:reg/p/:ns/:name/resolve", async (context) => {
    const { registry, id } = await registries.get(context.req.param("reg"));
    const name = nameOf(context);
    const topHash = await registry.resolve(name, context.req.query("revision"));
    const latest = await registry.resolve(name);
    const raw = capabilities.rawPath({ registryId: id, name, topHash });
    return context.json({ topHash, latest, raw } satisfies Resolved);
  });
  app.get("/r/:reg/p/:ns/:name/m/:topHash", async (context) => {
    const { pkg, index } = await open(context);
    const { message, meta } = pkg;
    const facts = { name: nameOf(context), topHash: pkg.topHash(), message, meta, extensions: extensionsOf(index) };
    return immutable(context, { ...facts, ...totals(index) } satisfies RevisionFacts);
  });
  app.get("/r/:reg/p/:ns/:name/m/:topHash/dir", async (context) => {
    const path = context.req.query("path") ?? "";
    const { pkg, index } = await open(context);
    const page = listDirectory(index, path, {
      offset: numberOf(context, "offset", 0),
      limit: Math.min(MOST_CHILDREN, numberOf(context, "limit", MOST_CHILDREN)),
      sort: SORTS.find((sort) => sort === context.req.query("sort")) ?? ("name" satisfies Sort),
    });
    if (page === undefined) throw notFound(`This revision has no directory ${JSON.stringify(path)}.`);
    return immutable(context, { ...page, meta: pkg.metaOf(path) } satisfies DirectoryPage);
  });
  app.get("/r/:reg/p/:ns/:name/m/:topHash/entry", async (context) => {
    const { pkg } = await open(context);
    return immutable(context, entryFacts(pkg.entry(context.req.query("path") ?? "")));
  });
  app.get("/r/:reg/p/:ns/:name/m/:topHash/find", async (context) => {
    const { index } = await open(context);
    const limit = Math.min(MOST_FOUND, numberOf(context, "limit", MOST_FOUND));
    return immutable(context, findFiles(index.keys, context.req.query("q") ?? "", limit));
  });
  return app;
}

function nameOf(context: Context): string {
  return `${context.req.param("ns")}/${context.req.param("name")}`;
}

function immutable(context: Context, value: unknown): Response {
  return context.body(jsonText(value), 200, { "Cache-Control": IMMUTABLE, "Content-Type": "application/json" });
}

function requireTopHash(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new T4Error("ERR_T4_INVALID_REFERENCE", "Below m/ stands a full top hash of 64 digits.");
}

function numberOf(context: Context, name: string, otherwise: number): number {
  const value = Number(context.req.query(name) ?? otherwise);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new T4Error("ERR_T4_USAGE", `${name} is no whole number from 0 up.`);
}

function entryFacts(entry: PackageEntry): EntryFacts {
  const { logicalKey, size, hash, physicalKey, meta } = entry;
  return { path: logicalKey, size: size ?? null, hash: hash ?? null, physicalKey: physicalKey ?? null, meta };
}

async function listRevisions(registry: Registry, name: string): Promise<RevisionRow[]> {
  const tags = new Map<string, string[]>();
  for await (const { tag, topHash } of registry.tags(name)) tags.set(topHash, [...(tags.get(topHash) ?? []), tag]);
  const rows: RevisionRow[] = [];
  for await (const { topHash, time, isLatest } of registry.log(name)) {
    const message = await messageOf(registry, topHash);
    rows.push({ topHash, time: time.toISOString(), isLatest, message, tags: tags.get(topHash) ?? [] });
  }
  // Says that there is no such package.
  if (rows.length === 0) await registry.resolve(name);
  return rows;
}

async function messageOf(registry: Registry, topHash: string): Promise<string | null> {
  try {
    return await registry.message(topHash);
  } catch (error) {
    // One damaged revision must not hide the others; its own page tells about it.
    if (isT4Error(error)) return `(${error.message})`;
    throw error;
  }
}
