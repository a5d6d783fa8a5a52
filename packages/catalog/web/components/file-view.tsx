import { PREVIEWS, type Preview } from "../../render/previews.js";
import type { EntryFacts } from "../../server/api.js";
import { baseName, visible } from "../format.js";
import type { PackageContext } from "../pages/package-page.js";
import { query, setQuery } from "../state/location.js";
import { encodePath } from "../state/routes.js";
import { useShortcuts } from "../state/shortcuts.js";
import { previewFile } from "../state/target.js";
import { useFitting } from "../state/use-fitting.js";
import { Breadcrumbs } from "./breadcrumbs.js";
import { ByteCount } from "./byte-count.js";
import { Icon } from "./icon.js";
import { Lazy } from "./lazy.js";
import { ProblemBox } from "./problem-box.js";
import { Skeleton } from "./skeleton.js";

/** A file, shown in the way that fits it or in one that the reader chose. */
export function FileView({ context, entry }: { readonly context: PackageContext; readonly entry: EntryFacts }) {
  const { at, resolved } = context;
  const file = previewFile(context, entry);
  const { fitting, guess } = useFitting(file);
  const asked = PREVIEWS.find(({ id }) => id === query.value.get("view"));
  const first = fitting[0];
  const shown = asked ?? first;
  const choices = PREVIEWS.filter((one) => fitting.includes(one) || one === shown || one.isForAll === true);
  const download = `${resolved.raw}${encodePath(entry.path)}?download=1`;
  useShortcuts({ d: () => document.getElementById("download")?.click() });
  return (
    <div class="file-main">
      <h2 class="unseen">{visible(baseName(file.path))}</h2>
      <div class="file-bar">
        <Breadcrumbs at={at} />
        <span class="spacer" />
        {entry.size === null ? null : (
          <span class="muted">
            <ByteCount count={entry.size} />
          </span>
        )}
        <ViewChoice choices={choices} shown={shown} first={first} />
        <a
          id="download"
          class="icon-button framed"
          href={download}
          download={file.path.split("/").pop()}
          title="Download (d)"
          aria-label="Download"
        >
          <Icon name="download" />
        </a>
      </div>
      <div class="card view">
        {guess.problem === undefined ? null : <ProblemBox problem={guess.problem} />}
        {shown === undefined && guess.problem === undefined ? <Skeleton /> : null}
        {shown === undefined ? null : <Lazy key={shown.id} preview={shown} file={file} />}
      </div>
    </div>
  );
}

interface ViewChoiceProps {
  readonly choices: readonly Preview[];
  readonly shown: Preview | undefined;
  readonly first: Preview | undefined;
}

function ViewChoice({ choices, shown, first }: ViewChoiceProps) {
  if (choices.length < 2) return null;
  return (
    <div class="choices" role="group" aria-label="View">
      {choices.map((one) => (
        <button
          key={one.id}
          type="button"
          aria-pressed={one === shown}
          onClick={() => setQuery("view", one === first ? undefined : one.id)}
        >
          {one.label}
        </button>
      ))}
    </div>
  );
}
