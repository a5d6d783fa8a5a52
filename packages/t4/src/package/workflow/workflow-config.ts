import { T4Error } from "../../base/errors.js";
import { isDeepYaml } from "../../base/nesting.js";

/** One workflow: what a revision published under it must be like. */
export interface Workflow {
  readonly name: string;
  readonly description?: string;
  /** A regular expression of Python that must be found in the package's name. */
  readonly handle_pattern?: string;
  /** Id of the schema of the package's metadata. */
  readonly metadata_schema?: string;
  /** Id of the schema of the list of entries. */
  readonly entries_schema?: string;
  readonly is_message_required?: boolean;
}

/** A registry's workflow configuration. */
export interface WorkflowConfig {
  readonly workflows: ReadonlyMap<string, Workflow>;
  /** URLs of schemas by id. */
  readonly schemas: ReadonlyMap<string, string>;
  readonly default_workflow?: string;
  /** Whether every revision needs a workflow; default `true`. */
  readonly is_workflow_required: boolean;
}

/** Key of the configuration in a registry. */
export const WORKFLOW_CONFIG = ".quilt/workflows/config.yml";
/** A configuration above this is no configuration. */
const MAX_BYTES = 1 << 20;
/** Aliases of YAML can multiply a small text a millionfold. */
const MAX_ALIASES = 100;
/** The version of Quilt's format that is understood: up to 1.1.0. */
const VERSION = /^1(?:\.0(?:\.\d+)?|\.1(?:\.0)?)?$/;

type Shape = Readonly<Record<string, "string" | "boolean" | "object">>;

const TOP: Shape = {
  version: "object",
  workflows: "object",
  schemas: "object",
  successors: "object",
  catalog: "object",
  default_workflow: "string",
  is_workflow_required: "boolean",
};
const WORKFLOW: Shape = {
  name: "string",
  description: "string",
  handle_pattern: "string",
  metadata_schema: "string",
  entries_schema: "string",
  is_message_required: "boolean",
};
const SCHEMA: Shape = { url: "string" };

/**
 * Reads a workflow configuration.
 *
 * Source: Quilt 3's `.quilt/workflows/config.yml`, versions 1.0 and 1.1.
 *
 * @throws {@link T4Error} `ERR_T4_WORKFLOW` naming the member that is not as it should be.
 */
export async function parseWorkflowConfig(bytes: Uint8Array): Promise<WorkflowConfig> {
  const { version, ...top } = membersOf(await parseYaml(bytes), { where: "the configuration", shape: TOP });
  requireVersion(version);
  if (top["workflows"] === undefined) throw invalid("the configuration has no workflows");
  const workflows = eachOf(top["workflows"], "workflows", WORKFLOW) as unknown as ReadonlyMap<string, Workflow>;
  for (const [id, { name }] of workflows) if (name === undefined) throw invalid(`the workflow ${id} has no name`);
  const schemas = new Map<string, string>();
  for (const [id, { url }] of eachOf(top["schemas"] ?? {}, "schemas", SCHEMA)) {
    if (typeof url !== "string") throw invalid(`the schema ${id} has no url`);
    schemas.set(id, url);
  }
  const { default_workflow, is_workflow_required = true } = top as Partial<WorkflowConfig>;
  return { workflows, schemas, is_workflow_required, ...(default_workflow === undefined ? {} : { default_workflow }) };
}

async function parseYaml(bytes: Uint8Array): Promise<unknown> {
  if (bytes.length > MAX_BYTES) throw invalid(`it has ${bytes.length} bytes, expected at most ${MAX_BYTES}`);
  const { parse } = await import("yaml");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (isDeepYaml(text)) throw new Error("it is nested too deeply");
    return parse(text, { maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw invalid(`it is not YAML: ${cause instanceof Error ? (cause.message.split("\n", 1)[0] ?? "") : ""}`, cause);
  }
}

function requireVersion(version: unknown): void {
  const base = typeof version === "object" && version !== null ? (version as { base?: unknown }).base : version;
  if (typeof base !== "string") throw invalid(`its version must be a text such as "1", got ${JSON.stringify(base)}`);
  if (!VERSION.test(base))
    throw invalid(`its version ${JSON.stringify(base)} is not supported, expected "1" to "1.1.0"`);
}

type Members = Readonly<Record<string, unknown>>;

/** An object's members, all of them known and of the right type. */
function membersOf(value: unknown, { where, shape }: { readonly where: string; readonly shape: Shape }): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(`${where} must be a mapping, got ${JSON.stringify(value)}`);
  for (const [name, member] of Object.entries(value)) {
    const type = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (type === undefined) throw invalid(`${where} has the unknown member ${JSON.stringify(name)}`);
    if (type !== "object" && typeof member !== type)
      throw invalid(`${name} of ${where} must be a ${type}, got ${JSON.stringify(member)}`);
  }
  return value as Members;
}

function eachOf(value: unknown, what: string, shape: Shape): ReadonlyMap<string, Members> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(`${what} must be a mapping`);
  return new Map(
    Object.entries(value).map(([id, member]) => [id, membersOf(member, { where: `${what}.${id}`, shape })]),
  );
}

function invalid(problem: string, cause?: unknown): T4Error {
  return new T4Error("ERR_T4_WORKFLOW", `Invalid ${WORKFLOW_CONFIG}: ${problem}.`, {
    hint: "Mend the registry's workflow configuration; nothing was published.",
    cause,
  });
}
