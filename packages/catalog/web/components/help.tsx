import { closeOverlay } from "../state/overlay.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icon.js";

const KEYS: readonly (readonly [string, string])[] = [
  ["/", "Find a package"],
  ["t", "Find a file in this revision"],
  ["y", "Permanent link: address with the full top hash, copied"],
  ["c", "Copy the snippet"],
  ["d", "Download the file"],
  ["v", "Verify: compare every byte with its hash"],
  ["[ ]", "Older, newer revision"],
  ["g o", "Overview"],
  ["g f", "Files"],
  ["g r", "Revisions"],
  ["g c", "Compare with the revision before"],
  ["g m", "Metadata"],
  ["g p", "Packages of the registry"],
  ["↑ ↓ j k", "Move in a list"],
  ["← →", "Close, open a directory"],
  ["Enter", "Open"],
  ["Esc", "Close what lies over the page"],
  ["?", "This list"],
];

/** All keys. */
export function Help() {
  return (
    <Dialog label="Keyboard shortcuts" class="help">
      <div class="dialog-head">
        <h2>Keyboard shortcuts</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick={closeOverlay}>
          <Icon name="close" />
        </button>
      </div>
      <dl class="keys" tabIndex={0}>
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="muted licences">
        T4 is free software under the Apache License 2.0; <a href="/assets/licenses.txt">licences of what is in it</a>.
      </p>
    </Dialog>
  );
}
