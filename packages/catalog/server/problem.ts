import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isT4Error, T4Error, type T4ErrorCode } from "t4";
import type { ApiError } from "./api.js";
import { nextCommand } from "./next-command.js";

/** Statuses of T4's codes; any other is 500. */
const STATUS: Partial<Record<T4ErrorCode, ContentfulStatusCode>> = {
  ERR_T4_NOT_FOUND: 404,
  ERR_T4_INVALID_NAME: 400,
  ERR_T4_INVALID_KEY: 400,
  ERR_T4_INVALID_REFERENCE: 400,
  ERR_T4_USAGE: 400,
  ERR_T4_AMBIGUOUS: 409,
  ERR_T4_CONFLICT: 409,
  ERR_T4_UNSAFE: 403,
  ERR_T4_ACCESS: 403,
  ERR_T4_INTEGRITY: 502,
  ERR_T4_UNSUPPORTED: 501,
};

/** Answers with an error. */
export function problem(context: Context, status: ContentfulStatusCode, error: ApiError): Response {
  return context.json(error, status, { "Cache-Control": "no-store" });
}

/** Answers with what was thrown. */
export function thrown(context: Context, error: unknown): Response {
  return problem(context, isT4Error(error) ? (STATUS[error.code] ?? 500) : 500, describe(error));
}

/** An error as the API tells it: its words, never its stack. */
export function describe(error: unknown): ApiError {
  if (isT4Error(error)) {
    const { code, message, hint } = error;
    const command = nextCommand(error);
    return { code, message, ...(hint === undefined ? {} : { hint }), ...(command === undefined ? {} : { command }) };
  }
  const hint = "Please report this as a bug, with what you did before.";
  const code = error instanceof Error && "code" in error ? String(error.code) : "Unexpected";
  return { code, message: error instanceof Error ? error.message : String(error), hint };
}

/** For what an address names and there is not. */
export function notFound(message: string, hint?: string): T4Error {
  return new T4Error("ERR_T4_NOT_FOUND", message, hint === undefined ? {} : { hint });
}
