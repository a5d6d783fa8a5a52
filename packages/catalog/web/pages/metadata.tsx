import { Card } from "../components/card.js";
import { CopyButton } from "../components/copy-button.js";
import { Empty } from "../components/empty.js";
import { MetaTree } from "../components/meta-tree.js";
import { pushCommand } from "../components/snippets.js";
import { visible } from "../format.js";
import { query, setQuery } from "../state/location.js";
import { targetOf } from "../state/target.js";
import type { PackageContext } from "./package-page.js";

/** What a revision says of itself: its message, its workflow, and all metadata as a tree, or as the JSON that it is. */
export function Metadata({ context }: { readonly context: PackageContext }) {
  const { meta, message, workflow } = context.facts;
  const isJson = query.value.get("form") === "json";
  const text = JSON.stringify(meta, null, 2);
  const isEmpty = meta === null || (typeof meta === "object" && Object.keys(meta).length === 0);
  const side = (
    <span class="card-tools">
      <span class="choices" role="group" aria-label="Form">
        <button type="button" aria-pressed={!isJson} onClick={() => setQuery("form", undefined)}>
          Tree
        </button>
        <button type="button" aria-pressed={isJson} onClick={() => setQuery("form", "json")}>
          JSON
        </button>
      </span>
      <CopyButton text={text} what="the metadata as JSON" />
    </span>
  );
  return (
    <div class="metadata-page">
      <Card title="Message">
        <p class="card-body pre-wrap">
          {message === null || message === "" ? <span class="muted">none</span> : visible(message)}
        </p>
      </Card>
      {workflow === null ? null : <WorkflowCard workflow={workflow} />}
      {isEmpty ? (
        <Empty title="This revision has no metadata" command={pushCommand(targetOf(context), META)}>
          <p>Whoever publishes can say more than a message:</p>
        </Empty>
      ) : (
        <Card title="Metadata" side={side}>
          {isJson ? (
            <pre class="card-body meta-json" tabIndex={0} aria-label="Metadata as JSON">
              {visibleLines(text)}
            </pre>
          ) : (
            <div class="card-body">
              <MetaTree value={meta} />
            </div>
          )}
        </Card>
      )}
    </div>
  );
}

const META = `--meta '{"source": "lab 7"}'`;

/** The rules that a revision was published under, as it says itself. */
function WorkflowCard({ workflow }: { readonly workflow: unknown }) {
  const isNone = typeof workflow === "object" && workflow !== null && "id" in workflow && workflow.id === null;
  return (
    <Card title="Workflow">
      <div class="card-body">
        <p class="muted">
          {isNone
            ? "Expressly published under none of the registry's workflows."
            : "Published under these rules of the registry, as they were at that time."}
        </p>
        <MetaTree value={workflow} />
      </div>
    </Card>
  );
}

/** Line ends stay; all else that would not be seen is written out. */
function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}
