import type { EntryFacts } from "../../server/api.js";
import { exact, visible } from "../format.js";
import type { PackageContext } from "../pages/package-page.js";
import { targetOf } from "../state/target.js";
import { Card } from "./card.js";
import { CopyButton } from "./copy-button.js";
import { HistoryCard } from "./history-card.js";
import { hasMembers, MetaTree } from "./meta-tree.js";
import { UseCard } from "./use-card.js";

/** What the manifest says of a file. */
export function FileFacts({ context, entry }: { readonly context: PackageContext; readonly entry: EntryFacts }) {
  const { path, size, hash, physicalKey, meta } = entry;
  return (
    <aside class="file-side" aria-label="Facts">
      <UseCard target={targetOf(context, path)} />
      <Card title="Entry">
        <dl class="facts">
          <Fact name="Path" value={path} />
          <Fact name="Size" value={size === null ? "not recorded" : `${exact(size)} bytes`} />
          {hash === null ? null : <Fact name={hash.type} value={hash.value} />}
          {physicalKey === null ? null : <Fact name="Bytes at" value={decodeKey(physicalKey)} />}
        </dl>
      </Card>
      {hasMembers(meta) ? (
        <Card title="Metadata">
          <div class="card-body">
            <MetaTree value={meta} />
          </div>
        </Card>
      ) : null}
      <HistoryCard context={context} path={path} />
    </aside>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="mono ellipsis" title={visible(value)}>
          {visible(value)}
        </span>
        <CopyButton text={value} what={name} />
      </dd>
    </div>
  );
}

function decodeKey(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}
