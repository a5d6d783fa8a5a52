import { Hono } from "hono";
import type { Change, ChangeKind, ComparisonPage } from "./api.js";
import { compareRevisions } from "./compare-revisions.js";
import { createComparisons } from "./comparisons.js";
import { indexed } from "./open-revisions.js";
import { answer, nameOf, numberOf, requireTopHash } from "./package-requests.js";
import type { Services } from "./services.js";

/** Changes in one answer. */
const MOST_CHANGES = 1000;
const KINDS: readonly ChangeKind[] = ["added", "removed", "modified", "metadata", "moved"];

/** What differs between two revisions, of one package or of two. */
export function compareRoutes({ registries, revisions }: Services): Hono {
  const app = new Hono();
  const comparisons = createComparisons();
  app.get("/r/:reg/p/:ns/:name/m/:topHash/compare/:base", async (context) => {
    const known = await registries.get(context.req.param("reg"));
    const name = nameOf(context);
    const [base, head] = [requireTopHash(context.req.param("base")), requireTopHash(context.req.param("topHash"))];
    const of = context.req.query("of") ?? name;
    const key = `${known.id} ${of} ${base} ${name} ${head}`;
    const { changes, ...facts } = await comparisons(key, context.req.raw.signal, async (signal) => {
      const before = await indexed(await revisions(known, { name: of, topHash: base }));
      return compareRevisions(before, await indexed(await revisions(known, { name, topHash: head })), signal);
    });
    const chosen = chosenOf(changes, context.req.query());
    const offset = numberOf(context, "offset", 0);
    const limit = Math.min(MOST_CHANGES, numberOf(context, "limit", MOST_CHANGES));
    const page = { ...facts, total: chosen.length, offset, changes: chosen.slice(offset, offset + limit) };
    return answer(context, page satisfies ComparisonPage);
  });
  return app;
}

/** Of one kind, or of one path. */
function chosenOf(changes: readonly Change[], query: Readonly<Record<string, string>>): readonly Change[] {
  const wanted = KINDS.find((kind) => kind === query["kind"]);
  const { path } = query;
  if (path !== undefined) return changes.filter((change) => change.path === path);
  return wanted === undefined ? changes : changes.filter(({ kind }) => kind === wanted);
}
