import { Hono } from "hono";
import type { ChangeKind, ComparisonPage } from "./api.js";
import { type Comparison, compareRevisions } from "./compare-revisions.js";
import { indexed } from "./open-revisions.js";
import { answer, nameOf, numberOf, requireTopHash } from "./package-requests.js";
import type { Services } from "./services.js";

/** Changes in one answer. */
const MOST_CHANGES = 1000;
/** Comparisons that are kept: a list is read part by part. */
const MOST_KEPT = 8;

const KINDS: readonly ChangeKind[] = ["added", "removed", "modified", "metadata", "moved"];

/** What differs between two revisions, of one package or of two. */
export function compareRoutes({ registries, revisions }: Services): Hono {
  const app = new Hono();
  const kept = new Map<string, Promise<Comparison>>();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = async (work: () => Promise<Comparison>): Promise<Comparison> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  app.get("/r/:reg/p/:ns/:name/m/:topHash/compare/:base", async (context) => {
    const known = await registries.get(context.req.param("reg"));
    const name = nameOf(context);
    const [base, head] = [context.req.param("base"), context.req.param("topHash")].map(requireTopHash) as [
      string,
      string,
    ];
    const of = context.req.query("of") ?? name;
    const compare = async (): Promise<Comparison> => {
      const before = await indexed(await revisions(known, { name: of, topHash: base }));
      return compareRevisions(before, await indexed(await revisions(known, { name, topHash: head })));
    };
    // One after the other: a history of large revisions must not have all of them open at once.
    const key = `${known.id} ${of} ${base} ${name} ${head}`;
    const found = kept.get(key) ?? inTurn(compare);
    kept.delete(key);
    kept.set(key, found);
    found.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
    const { changes, ...facts } = await found;
    const wanted = KINDS.find((kind) => kind === context.req.query("kind"));
    const chosen = wanted === undefined ? changes : changes.filter(({ kind }) => kind === wanted);
    const offset = numberOf(context, "offset", 0);
    const limit = Math.min(MOST_CHANGES, numberOf(context, "limit", MOST_CHANGES));
    const page = { ...facts, total: chosen.length, offset, changes: chosen.slice(offset, offset + limit) };
    return answer(context, page satisfies ComparisonPage);
  });
  return app;
}
