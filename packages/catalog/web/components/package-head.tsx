import { useLayoutEffect, useRef } from "preact/hooks";
import { counted, exact, shortHash, visible } from "../format.js";
import type { PackageContext } from "../pages/package-page.js";
import { type PackageRoute, packageHref } from "../state/routes.js";
import { copy } from "../state/toast.js";
import { ByteCount } from "./byte-count.js";
import { CopyButton } from "./copy-button.js";
import { Delta } from "./delta.js";
import { Icon } from "./icon.js";
import { TimeAgo } from "./time-ago.js";
import { Damage, VerifyChip } from "./verify-chip.js";

/** The head of a package's pages: name, which revision, what it says of itself, and the tabs. */
export function PackageHead({ context }: { readonly context: PackageContext }) {
  const { at, resolved, facts, totals } = context;
  const permalink = packageHref({ ...at, revision: resolved.topHash });
  return (
    <div class="package-head">
      <div class="package-line">
        <PackageTitle name={at.name} />
        <Standing context={context} />
        {resolved.tags.map((tag) => (
          <span key={tag} class="chip">
            <Icon name="tag" /> {visible(tag)}
          </span>
        ))}
        <span class="spacer" />
        <VerifyChip context={context} />
        <a
          class="button"
          href={permalink}
          title="The address with the full top hash never changes its meaning"
          onClick={() => void copy(window.location.origin + permalink, "the permanent link")}
        >
          <Icon name="link" /> Permanent link <kbd>y</kbd>
        </a>
      </div>
      <div class="package-facts">
        <span class="hash" title={resolved.topHash}>
          {shortHash(resolved.topHash)}
          <CopyButton text={resolved.topHash} what="the top hash" />
        </span>
        {facts.message === null || facts.message === "" ? (
          <span class="muted">no message</span>
        ) : (
          <span class="message">{visible(facts.message)}</span>
        )}
        {resolved.time === null ? null : (
          <span class="muted">
            <TimeAgo time={resolved.time} />
          </span>
        )}
        <span class="muted">{counted(facts.count, "file")}</span>
        <span class="muted">{totals === undefined ? "…" : <ByteCount count={totals.bytes} />}</span>
        <Since context={context} />
      </div>
      <Damage context={context} />
      <Tabs at={at} counts={{ files: facts.count, revisions: resolved.revisions }} />
    </div>
  );
}

/** The head while nothing is known but the name: as high as it will be. */
export function PackageHeadBones({ at }: { readonly at: PackageRoute }) {
  return (
    <div class="package-head">
      <div class="package-line">
        <PackageTitle name={at.name} />
        <span class="spacer" />
      </div>
      <div class="package-facts">
        <span class="bone" />
      </div>
      <Tabs at={at} counts={{}} />
    </div>
  );
}

/** The name of a package, as the head of a page. */
export function PackageTitle({ name: whole }: { readonly name: string }) {
  const [ns = "", name = ""] = whole.split("/");
  return (
    <h1 class="package-name">
      <span class="muted">{visible(ns)} / </span>
      {visible(name)}
    </h1>
  );
}

/** Above so many files nothing is compared before somebody asks for it. */
const MOST_COMPARED = 20_000;

/** What changed since the publication before, where that is quickly said. */
function Since({ context }: { readonly context: PackageContext }) {
  const { resolved, facts, at } = context;
  if (resolved.older === null || facts.count > MOST_COMPARED || at.page === "compare") return null;
  return (
    <span class="since">
      <Delta context={context} base={resolved.older} head={resolved.topHash} />
      <span class="muted">since previous</span>
    </span>
  );
}

/** Whether this is what one gets without asking for a revision. */
function Standing({ context }: { readonly context: PackageContext }) {
  const { at, resolved } = context;
  const { behind } = resolved;
  if (resolved.topHash === resolved.latest) return <span class="chip good">latest</span>;
  const { revision: _, ...latest } = at;
  return (
    <>
      <span class="chip warn">{behind === null ? "not latest" : `${exact(behind)} behind latest`}</span>
      <a class="small-link" href={packageHref({ ...latest, path: at.page === "files" ? at.path : "" })}>
        Go to latest
      </a>
    </>
  );
}

const TABS: readonly (readonly [PackageRoute["page"], string])[] = [
  ["overview", "Overview"],
  ["files", "Files"],
  ["revisions", "Revisions"],
  ["compare", "Compare"],
  ["metadata", "Metadata"],
];

interface TabsProps {
  readonly at: PackageRoute;
  /** How much there is on a tab. */
  readonly counts: Readonly<Record<string, number | undefined>>;
}

function Tabs({ at, counts }: TabsProps) {
  const tabs = useRef<HTMLElement>(null);
  // Where there is no room for all of them, the reader sees on which one they are.
  useLayoutEffect(() => {
    const current = tabs.current?.querySelector<HTMLElement>("[aria-current]");
    if (tabs.current && current) tabs.current.scrollLeft = current.offsetLeft - tabs.current.clientWidth / 2;
  }, [at.page]);
  return (
    <nav class="tabs" aria-label="Package" ref={tabs}>
      {TABS.map(([page, label]) => (
        <a
          key={page}
          href={packageHref({ ...at, page, path: "" })}
          {...(page === at.page ? { "aria-current": "page" } : {})}
        >
          {label}
          {counts[page] === undefined ? null : <span class="count">{exact(counts[page])}</span>}
        </a>
      ))}
    </nav>
  );
}
