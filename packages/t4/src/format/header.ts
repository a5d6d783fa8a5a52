import { T4Error } from "../base/errors.js";
import type { Json, JsonObject } from "./json-value.js";

/** The first object of a manifest: version, user metadata, workflow, message and whatever foreign writers added. */
export type Header = JsonObject;

/** Obsolete member of the first manifests; it is not hashed. */
const TOP_HASH = "top_hash";

/** The header of a package that was never built. */
export function newHeader(): Header {
  return new Map<string, Json>([["version", "v0"]]);
}

/** A header as read: without the obsolete `top_hash`. */
export function readHeader(value: Json): Header {
  if (!(value instanceof Map)) {
    throw new T4Error("ERR_T4_FORMAT", "Invalid manifest: the first line must be a JSON object.", {
      hint: "This file is not a package manifest.",
    });
  }
  const header = new Map(value as JsonObject);
  header.delete(TOP_HASH);
  return header;
}

/** The same header with another message; a message keeps its place. */
export function withMessage(header: Header, message: string | null): Header {
  return new Map(header).set("message", message);
}

/** The message, `null` when there is none. */
export function messageOf(header: Header): string | null {
  const message = header.get("message");
  return typeof message === "string" ? message : null;
}

/** The user's package metadata; `undefined` when it was never set. */
export function userMetaOf(header: Header): Json | undefined {
  return header.get("user_meta");
}

/** The same header with other user metadata; `undefined` removes it. */
export function withUserMeta(header: Header, meta: Json | undefined): Header {
  const next = new Map(header);
  if (meta === undefined) next.delete("user_meta");
  else next.set("user_meta", meta);
  return next;
}

/** What the header says of the registry's workflow; `undefined` when it says nothing. */
export function workflowOf(header: Header): Json | undefined {
  return header.get("workflow");
}

/** The id of the workflow that the header names; `null`: expressly none; `undefined`: it says nothing. */
export function workflowIdOf(header: Header): string | null | undefined {
  const workflow = workflowOf(header);
  const id = workflow instanceof Map ? (workflow as JsonObject).get("id") : undefined;
  return typeof id === "string" || id === null ? id : undefined;
}

/** The same header with what it says of the registry's workflow; `undefined` removes it. */
export function withWorkflow(header: Header, workflow: JsonObject | undefined): Header {
  const next = new Map(header);
  if (workflow === undefined) next.delete("workflow");
  else next.set("workflow", workflow);
  return next;
}
