import type { ApiError } from "../../server/api.js";
import { secret } from "./secret.js";

/** What the server answered instead of what was asked for. */
export class Problem extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly command: string | undefined;

  constructor({ code, message, hint, command }: ApiError) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.command = command;
  }
}

const GONE: ApiError = {
  code: "ServerGone",
  message: "The catalog's server does not answer.",
  hint: "Run t4 catalog again, and open the address that it prints.",
};

/** The API asks for the session; bytes open by their address. */
function withSession(url: string, options: RequestInit): RequestInit {
  if (!url.startsWith("/api/")) return options;
  const headers = new Headers(options.headers);
  headers.set("Authorization", `Bearer ${secret()}`);
  return { ...options, headers };
}

/** Asks the server; anything but a success is thrown as a {@link Problem}. */
export async function request(url: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, withSession(url, options));
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new Problem(GONE);
  }
  if (response.ok) return response;
  const answer = (await response.json().catch(() => undefined)) as ApiError | undefined;
  throw new Problem(answer ?? { code: `HTTP ${response.status}`, message: "The server could not answer that." });
}

/** What a request may have beside its address. */
export interface AskOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Reads JSON. */
export async function getJson<Answer>(url: string, options: AskOptions = {}): Promise<Answer> {
  return (await (await request(url, options)).json()) as Answer;
}

/** Has the server do something. */
export async function postJson<Answer>(url: string, body: unknown, options: AskOptions = {}): Promise<Answer> {
  const headers = { "Content-Type": "application/json", ...options.headers };
  return (await (
    await request(url, { ...options, method: "POST", headers, body: JSON.stringify(body) })
  ).json()) as Answer;
}

/** Whatever was thrown, as a problem that can be shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem({ code: "Unexpected", message: error instanceof Error ? error.message : String(error) });
}

/** A problem as what may be sent from a worker to its page. */
export function told(error: unknown): ApiError {
  const { code, message, hint, command } = asProblem(error);
  return { code, message, ...(hint === undefined ? {} : { hint }), ...(command === undefined ? {} : { command }) };
}
