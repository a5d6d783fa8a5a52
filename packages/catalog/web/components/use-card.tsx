import { useState } from "preact/hooks";
import { useShortcuts } from "../state/shortcuts.js";
import { copy } from "../state/toast.js";
import { Card } from "./card.js";
import { CopyButton } from "./copy-button.js";
import { SNIPPETS, type SnippetTarget } from "./snippets.js";

const KEPT = "t4-snippet";

/** Code that gets what is shown, ready to copy, in the language that was chosen last. */
export function UseCard({ target }: { readonly target: SnippetTarget }) {
  const [chosen, setChosen] = useState(() => localStorage.getItem(KEPT) ?? "cli");
  const fitting = SNIPPETS.filter(({ fits }) => fits?.(target) ?? true);
  const snippet = fitting.find(({ id }) => id === chosen) ?? fitting[0];
  const code = snippet?.code(target) ?? "";
  useShortcuts({ c: () => void copy(code, "the snippet") });
  // What is copied is whole, by the button or by hand; what is read fits.
  const short = `${target.topHash.slice(0, 8)}…`;
  const shown = code.replace(target.topHash, short);
  const onCopy = (event: ClipboardEvent): void => {
    const text = String(window.getSelection()).replaceAll("\u00a0", " ").replace(short, target.topHash);
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  const choose = (id: string): void => {
    localStorage.setItem(KEPT, id);
    setChosen(id);
  };
  const title = target.path === undefined ? "Use this revision" : "Use this file";
  return (
    <Card title={title} side={<CopyButton text={code} what="the snippet" />}>
      <div class="choices" role="group" aria-label="Language">
        {fitting.map(({ id, label }) => (
          <button key={id} type="button" aria-pressed={id === snippet?.id} onClick={() => choose(id)}>
            {label}
          </button>
        ))}
      </div>
      <pre class="snippet" tabIndex={0} aria-label={`${snippet?.label} snippet`}>
        <code title="Copied with the full top hash" onCopy={onCopy}>
          {shown.split("\n").map((line, i) => (
            // A line's last word takes the backslash along.
            <span key={i}>{line.replace(/ \\$/, "\u00a0\\")}</span>
          ))}
        </code>
      </pre>
    </Card>
  );
}
