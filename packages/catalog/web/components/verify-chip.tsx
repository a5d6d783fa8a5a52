import type { Verification } from "../../server/api.js";
import { ago, counted, exact, visible } from "../format.js";
import type { PackageContext } from "../pages/package-page.js";
import { packageApi, packageHref } from "../state/routes.js";
import { useShortcuts } from "../state/shortcuts.js";
import { cancelVerification, useVerification, verify } from "../state/verification.js";
import { Icon } from "./icon.js";
import { WorkBar } from "./work-bar.js";

/** Whether a revision's bytes were compared with their hashes; a press does it. */
export function VerifyChip({ context }: { readonly context: PackageContext }) {
  const api = `${packageApi(context.at)}/m/${context.resolved.topHash}`;
  const state = useVerification(api);
  useShortcuts({ v: () => void verify(api) });
  if (state === null || state === undefined) {
    return (
      <button
        type="button"
        class="button"
        title="Reads every byte and compares it with its hash (v)"
        onClick={() => void verify(api)}
      >
        <Icon name="shield" /> Verify
      </button>
    );
  }
  return state.isDone ? <Result state={state} api={api} /> : <Running state={state} api={api} />;
}

interface StateProps {
  readonly state: Verification;
  readonly api: string;
}

function Running({ state, api }: StateProps) {
  const progress = { isComputing: false, bytesDone: state.bytes, bytesTotal: state.ofBytes };
  return <WorkBar label="Verified so far" progress={progress} onCancel={() => cancelVerification(api)} />;
}

function Result({ state, api }: StateProps) {
  const { ofFiles, damagedCount, unverifiable } = state;
  const good = ofFiles - damagedCount - unverifiable;
  const words = damagedCount > 0 ? `${exact(damagedCount)} damaged` : `verified ${exact(good)}/${exact(ofFiles)}`;
  const tone = damagedCount > 0 ? "bad" : unverifiable > 0 ? "warn" : "good";
  const title = `${counted(state.files, "file")}, ${counted(state.bytes, "byte")} read ${ago(new Date(state.at))}. Press to do it again.`;
  return (
    <button type="button" class={`chip verify ${tone}`} title={title} onClick={() => void verify(api)}>
      <Icon name={damagedCount > 0 ? "alert" : "check"} /> {words}
    </button>
  );
}

/** The files that are not what the manifest says they are. */
export function Damage({ context }: { readonly context: PackageContext }) {
  const { at, resolved } = context;
  const state = useVerification(`${packageApi(at)}/m/${resolved.topHash}`);
  if (state === null || state === undefined || state.damagedCount === 0) return null;
  return (
    <div class="problem damage" role="alert">
      <h2>
        <Icon name="alert" /> {counted(state.damagedCount, "file")} {state.damagedCount === 1 ? "is" : "are"} not what
        this revision says
      </h2>
      <ul>
        {state.damaged.map(({ path, message }) => (
          <li key={path}>
            <a class="mono" href={packageHref({ ...at, page: "files", revision: resolved.topHash, path })}>
              {visible(path)}
            </a>{" "}
            {visible(message)}
          </li>
        ))}
      </ul>
      <p>
        Do not use {state.damagedCount === 1 ? "it" : "them"}. <code>t4 fsck</code> tells what else of this registry is
        damaged.
      </p>
    </div>
  );
}
