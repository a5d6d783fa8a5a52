import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hono } from "hono";
import { Package } from "t4";
import { afterAll, vi } from "vitest";
import { createApp } from "#server/app.js";
import { createRegistries, type Registries } from "#server/registries.js";
import { createSession, type Session } from "#server/session.js";

/** A port that nothing listens on: requests are handed over without a socket. */
export const PORT = 4444;
export const HOST = `127.0.0.1:${PORT}`;

/** An empty directory that goes away with the tests; T4's own directories are in it from now on. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), "t4-catalog-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }), 60_000);
  vi.stubEnv("XDG_DATA_HOME", join(home, "data"));
  vi.stubEnv("XDG_CACHE_HOME", join(home, "cache"));
  return home;
}

export interface TestCatalog {
  readonly app: Hono;
  readonly session: Session;
  readonly registries: Registries;
  /** Asks with the session's secret, as the catalog's own pages do. */
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  readonly json: <Answer>(path: string) => Promise<Answer>;
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
}

/** The server without its socket. */
export function testCatalog({ trustBuckets = [] }: { readonly trustBuckets?: readonly string[] } = {}): TestCatalog {
  const session = createSession();
  const registries = createRegistries();
  const webRoot = new URL("../../t4/dist/catalog/web", import.meta.url).pathname;
  const app = createApp({ port: PORT, session, registries, trustBuckets, webRoot });
  const own = { Host: HOST, Authorization: `Bearer ${session.secret}`, "Sec-Fetch-Site": "same-origin" };
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    app.request(`http://${HOST}${path}`, { headers: { ...own, ...headers } });
  return {
    app,
    session,
    registries,
    get,
    async json<Answer>(path: string) {
      return (await (await get(path)).json()) as Answer;
    },
    async post(path, body, headers = {}) {
      const all = { ...own, "Content-Type": "application/json", ...headers };
      return app.request(`http://${HOST}${path}`, { method: "POST", body: JSON.stringify(body), headers: all });
    },
  };
}

/** Publishes files as a revision, and resolves to its top hash. */
export async function push(
  { registry, name }: { readonly registry: string; readonly name: string },
  files: Readonly<Record<string, string | Uint8Array>>,
  options: { readonly message?: string; readonly meta?: Parameters<Package["setMeta"]>[0] } = {},
): Promise<string> {
  const pkg = new Package();
  if (options.meta !== undefined) pkg.setMeta(options.meta);
  for (const [path, content] of Object.entries(files)) {
    if (typeof content === "string") await pkg.setText(path, content);
    else await pkg.setBytes(path, content);
  }
  return pkg.push(name, registry, { message: options.message ?? null, force: true });
}
