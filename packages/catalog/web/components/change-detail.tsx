import { COMPARATORS } from "../../render/comparators.js";
import { PREVIEWS } from "../../render/previews.js";
import type { ComparisonPage, EntryFacts } from "../../server/api.js";
import { visible } from "../format.js";
import type { Pair } from "../pages/compare.js";
import type { PackageContext } from "../pages/package-page.js";
import { query, setQuery } from "../state/location.js";
import { packageApi, packageHref } from "../state/routes.js";
import { previewFile } from "../state/target.js";
import { type Resource, useResource } from "../state/use-resource.js";
import { ByteCount } from "./byte-count.js";
import { Card } from "./card.js";
import { Lazy, LazyComparison } from "./lazy.js";
import { MetaChanges } from "./meta-changes.js";
import { ProblemBox } from "./problem-box.js";
import { Skeleton } from "./skeleton.js";

/** Which file of which comparison; `data` has the first of its changes. */
export interface ChangeDetailProps {
  readonly pair: Pair;
  readonly path: string;
  readonly data: ComparisonPage;
}

/** A side of a file: its revision and what that says of it. */
interface Side {
  readonly context: PackageContext;
  readonly entry: EntryFacts;
}

/** What happened to one file: its lines, rows or pictures before and after. */
export function ChangeDetail({ pair, path, data }: ChangeDetailProps) {
  const { context, base, baseAt } = pair;
  const baseContext: PackageContext = { ...context, at: { ...baseAt, revision: base.topHash }, resolved: base };
  const before = useEntry(baseContext, useOrigin({ pair, path, data }));
  const after = useEntry(context, path);
  const problem = [before.problem, after.problem].find((one) => one !== undefined && one.code !== "ERR_T4_NOT_FOUND");
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  if (!isReady(before) || !isReady(after)) return <Skeleton lines={6} />;
  if (before.data === undefined && after.data === undefined && after.problem !== undefined) {
    return <ProblemBox problem={after.problem} />;
  }
  const pinned = { ...context, at: { ...context.at, revision: context.resolved.topHash } };
  const sides = { before: sideOf(baseContext, before.data), after: sideOf(pinned, after.data) };
  if (sides.before === undefined || sides.after === undefined) return <OneSide {...sides} />;
  return <BothSides before={sides.before} after={sides.after} />;
}

function sideOf(context: PackageContext, entry: EntryFacts | undefined): Side | undefined {
  return entry && { context, entry };
}

function isReady(side: Resource<unknown>): boolean {
  return side.data !== undefined || side.problem !== undefined;
}

/** Where the file was before: elsewhere, if it moved. `undefined` while that is asked for. */
function useOrigin({ pair, path, data: { changes, total } }: ChangeDetailProps): string | undefined {
  const known = changes.find((change) => change.path === path);
  const isAsked = known === undefined && changes.length < total;
  const asked = useResource<ComparisonPage>(isAsked ? `${pair.api}&path=${encodeURIComponent(path)}` : undefined);
  if (isAsked && !isReady(asked)) return undefined;
  return (known ?? asked.data?.changes[0])?.from ?? path;
}

function useEntry({ at, resolved }: PackageContext, path: string | undefined): Resource<EntryFacts> {
  const base = `${packageApi(at)}/m/${resolved.topHash}`;
  return useResource<EntryFacts>(path === undefined ? undefined : `${base}/entry?path=${encodeURIComponent(path)}`);
}

function hrefOf({ context, entry }: Side): string {
  return packageHref({ ...context.at, page: "files", revision: context.resolved.topHash, path: entry.path });
}

/** Address that compares the rows of two states of a table. */
function rowsUrl(before: Side, after: Side): string {
  const { at, resolved } = after.context;
  const search = new URLSearchParams({ path: after.entry.path, from: before.entry.path, of: before.context.at.name });
  return `${packageApi(at)}/m/${resolved.topHash}/rows/${before.context.resolved.topHash}?${search}`;
}

function Title({ side, word }: { readonly side: Side; readonly word: string }) {
  return (
    <a class="quiet mono" href={hrefOf(side)}>
      {visible(side.entry.path)} <span class="muted">{word}</span>
    </a>
  );
}

/** A file that only one revision has: itself. */
function OneSide({ before, after }: { readonly before: Side | undefined; readonly after: Side | undefined }) {
  const side = after ?? before;
  const preview = PREVIEWS.find(({ pattern }) => side !== undefined && pattern.test(side.entry.path));
  if (side === undefined) return null;
  return (
    <Card title={<Title side={side} word={after === undefined ? "removed" : "added"} />} class="change-detail">
      {preview === undefined ? (
        <p class="card-body muted">
          <ByteCount count={side.entry.size ?? 0} />. Open the file to look into it.
        </p>
      ) : (
        <div class="view">
          <Lazy preview={preview} file={previewFile(side.context, side.entry)} />
        </div>
      )}
    </Card>
  );
}

function BothSides({ before, after }: { readonly before: Side; readonly after: Side }) {
  const isSame = before.entry.size === after.entry.size && before.entry.hash?.value === after.entry.hash?.value;
  const fitting = isSame ? [] : COMPARATORS.filter(({ pattern }) => pattern.test(after.entry.path));
  const shown = fitting.find(({ id }) => id === query.value.get("way")) ?? fitting[0];
  const choices = (
    <div class="choices" role="group" aria-label="Way of comparing">
      {fitting.map((one) => (
        <button key={one.id} type="button" aria-pressed={one === shown} onClick={() => setQuery("way", one.id)}>
          {one.label}
        </button>
      ))}
    </div>
  );
  const hasMeta = JSON.stringify(before.entry.meta) !== JSON.stringify(after.entry.meta);
  return (
    <>
      <Card
        title={<Title side={after} word={isSame ? "same bytes" : ""} />}
        side={fitting.length > 1 ? choices : undefined}
        class="change-detail"
      >
        {shown === undefined ? <Facts before={before} after={after} /> : null}
        {shown === undefined ? null : (
          <div class="view">
            <LazyComparison
              key={shown.id}
              comparator={shown}
              before={previewFile(before.context, before.entry)}
              after={previewFile(after.context, after.entry)}
              rows={rowsUrl(before, after)}
            />
          </div>
        )}
      </Card>
      {hasMeta ? (
        <MetaChanges title="Metadata of the file" before={before.entry.meta} after={after.entry.meta} />
      ) : null}
    </>
  );
}

/** What is known of bytes that nobody can read. */
function Facts({ before, after }: { readonly before: Side; readonly after: Side }) {
  return (
    <table class="fact-table">
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">Fact</span>
          </th>
          <th scope="col">
            <a href={hrefOf(before)}>Before</a>
          </th>
          <th scope="col">
            <a href={hrefOf(after)}>After</a>
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Size</th>
          <td>
            <ByteCount count={before.entry.size ?? 0} />
          </td>
          <td>
            <ByteCount count={after.entry.size ?? 0} />
          </td>
        </tr>
        <tr>
          <th scope="row">Hash</th>
          <td class="mono">{before.entry.hash?.value ?? "none"}</td>
          <td class="mono">{after.entry.hash?.value ?? "none"}</td>
        </tr>
      </tbody>
    </table>
  );
}
