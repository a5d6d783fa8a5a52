import { T4Error } from "../../base/errors.js";
import { pathOrUrl } from "../../format/physical-key.js";
import type { ChangeOptions } from "../../registry/operations.js";
import type { Store } from "../../store/store.js";
import { WORKFLOW_CONFIG } from "./workflow-config.js";

/** An example of a workflow configuration. */
export interface WorkflowExample {
  /** Where it is. */
  readonly url: string;
  /** The file's text, YAML. */
  readonly text: string;
}

/** Key of the schema that the example refers to once its lines are used. */
const SCHEMA = ".quilt/workflows/metadata.json";

function exampleFor(url: string): string {
  return `# Workflows: what a revision must be like to be published in this registry.
# T4 and Quilt 3 check it before they copy anything.
version: "1"

# Without this line, every revision must name a workflow or be published under the default one.
is_workflow_required: false

# The workflow of a push that names none.
# default_workflow: described

workflows:
  described:
    name: Described
    description: Every revision says what it is.
    is_message_required: true
    # A regular expression that must be found in the package's name.
    # handle_pattern: ^team-a/
    # A schema below that the package's metadata must satisfy.
    # metadata_schema: metadata
    # A schema for the list of entries, each {logical_key, size, meta}.
    # entries_schema: entries

# JSON Schemas (draft 7, without $ref), as files in this registry.
# schemas:
#   metadata:
#     url: ${url}/${SCHEMA}
`;
}

/** Writes the example unless the registry has a configuration; with `dryRun` it only says what would be written. */
export async function initWorkflows(store: Store, { dryRun = false }: ChangeOptions): Promise<WorkflowExample> {
  const example = { url: `${store.url}/${WORKFLOW_CONFIG}`, text: exampleFor(store.url) };
  const isThere = dryRun
    ? (await store.head(WORKFLOW_CONFIG)) !== undefined
    : !(await store.put(WORKFLOW_CONFIG, Buffer.from(example.text), { mode: "create" })).written;
  if (!isThere) return example;
  throw new T4Error("ERR_T4_CONFLICT", `The registry has workflows already: ${pathOrUrl(example.url)}.`, {
    hint: "Edit that file, or move it away first; nothing was changed.",
    facts: { url: example.url },
  });
}
