import { T4Error } from "../../base/errors.js";
import { entryUserMeta } from "../../format/entry.js";
import { userMetaOf } from "../../format/header.js";
import type { Json, JsonObject } from "../../format/json-value.js";
import type { PackageName } from "../../format/package-name.js";
import { objectKeyOf } from "../../registry/object-key.js";
import type { Store } from "../../store/store.js";
import type { PackageState } from "../package-state.js";
import { compileSchema, schemaValueOf } from "./json-schema.js";
import { loadPatterns } from "./python-pattern.js";
import { parseWorkflowConfig, WORKFLOW_CONFIG, type Workflow, type WorkflowConfig } from "./workflow-config.js";

/** A revision that is about to be published. */
export interface Candidate {
  readonly name: PackageName;
  readonly state: PackageState;
  readonly message: string | null;
  /** Id of the workflow; `null`: expressly none; `undefined`: the registry's default. */
  readonly workflow: string | null | undefined;
  /** It is a copy: that it names a workflow, where the registry has none at all, is of where it was made. Default `false`. */
  readonly isCopy?: boolean;
}

/**
 * Checks a revision by the registry's workflows and resolves to what its header says of them; `undefined` where the
 * registry has none. Costs one read, and one per schema.
 *
 * Source: Quilt 3's workflows, in its order: message, name, metadata, entries.
 *
 * @throws {@link T4Error} `ERR_T4_WORKFLOW` saying which rule is broken, and where.
 */
export async function checkWorkflow(store: Store, candidate: Candidate): Promise<JsonObject | undefined> {
  const { workflow: asked, isCopy = false } = candidate;
  const found = await store.get(WORKFLOW_CONFIG);
  if (found === undefined) {
    if (asked === undefined || isCopy) return undefined;
    throw broken(`A workflow was given (${JSON.stringify(asked)}), but the registry has no workflows.`);
  }
  const config = await parseWorkflowConfig(found.bytes);
  const id = asked === undefined ? (config.default_workflow ?? null) : asked;
  const header = new Map<string, Json>([["id", id]]);
  header.set("config", `${store.url}/${WORKFLOW_CONFIG}`);
  if (id === null) {
    if (!config.is_workflow_required) return header;
    throw broken(`The registry requires a workflow, and none was chosen: it has ${listOf(config)}.`);
  }
  const workflow = config.workflows.get(id);
  if (workflow === undefined)
    throw broken(`The registry has no workflow ${JSON.stringify(id)}: it has ${listOf(config)}.`);
  const schemas = await checkRules({ store, config, workflow, id }, candidate);
  return schemas.size === 0 ? header : header.set("schemas", schemas);
}

interface Rules {
  readonly store: Store;
  readonly config: WorkflowConfig;
  readonly workflow: Workflow;
  readonly id: string;
}

/** Checks all rules of a workflow; resolves to the URLs of the schemas that were used. */
async function checkRules(rules: Rules, { name, state, message }: Candidate): Promise<JsonObject> {
  const { workflow, id } = rules;
  const by = `The workflow ${JSON.stringify(id)}`;
  if (workflow.is_message_required === true && !message) throw broken(`${by} requires a message.`);
  const pattern = workflow.handle_pattern;
  if (pattern !== undefined && !(await loadPatterns())(pattern).test(name))
    throw broken(`${by} requires a package name that matches ${JSON.stringify(pattern)}, got ${JSON.stringify(name)}.`);
  const schemas = new Map<string, Json>();
  const check = async (schemaId: string | undefined, what: string, value: () => unknown): Promise<void> => {
    if (schemaId === undefined) return;
    const { text, url } = await readSchema(rules, schemaId);
    schemas.set(schemaId, url);
    const problem = (await compileSchema(schemaId, text))(value());
    if (problem !== undefined) throw broken(`${by} refuses the ${what}: ${problem} (schema ${schemaId}).`);
  };
  await check(workflow.metadata_schema, "package's metadata", () =>
    schemaValueOf(userMetaOf(state.header) ?? new Map()),
  );
  await check(workflow.entries_schema, "package's entries", () => Array.from(state.tree.entries(), entryValue));
  return schemas;
}

function entryValue({ logicalKey, size, meta }: { logicalKey: string; size: Json; meta: Json }): unknown {
  return { logical_key: logicalKey, size: schemaValueOf(size), meta: schemaValueOf(entryUserMeta(meta) ?? new Map()) };
}

async function readSchema(
  { store, config }: Rules,
  id: string,
): Promise<{ readonly text: string; readonly url: string }> {
  const named = config.schemas.get(id);
  if (named === undefined) throw broken(`${WORKFLOW_CONFIG} has no schema ${JSON.stringify(id)}.`);
  const key = objectKeyOf({ store }, named);
  if (key === undefined) throw broken(`The schema ${JSON.stringify(id)} is not in the registry: ${named}.`);
  const found = await store.get(key);
  if (found === undefined) throw broken(`The schema ${JSON.stringify(id)} is missing at ${named}.`);
  return { text: new TextDecoder().decode(found.bytes), url: named };
}

function listOf({ workflows }: WorkflowConfig): string {
  return [...workflows.keys()].map((id) => JSON.stringify(id)).join(", ");
}

function broken(message: string): T4Error {
  return new T4Error("ERR_T4_WORKFLOW", `${message} Nothing was published.`, {
    hint: `The registry's ${WORKFLOW_CONFIG} says what a revision must be like.`,
  });
}
