import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { parseReference, T4Error } from "t4";
import { createApp } from "./app.js";
import { openBrowser } from "./open-browser.js";
import { pagePath } from "./page-path.js";
import { createRegistries, hasRegistry, type KnownRegistry, type Registries } from "./registries.js";
import { createSession } from "./session.js";

/** What is to be shown, and where. */
export interface CatalogOptions {
  /** A registry's path or URL, or a package's name; default: the catalog's first page. */
  readonly target?: string | undefined;
  /** The registry of a package that is named alone. Default: the configured one, or the local one. */
  readonly registry?: string | undefined;
  /** Buckets beside a registry's own that packages may lead to with the user's credentials. Default none. */
  readonly trustBuckets?: readonly string[] | undefined;
  /** Default 0: any that is free. */
  readonly port?: number | undefined;
  /** Whether the user's browser is opened. */
  readonly open?: boolean;
}

/** A catalog that listens. */
export interface RunningCatalog {
  /** Opens the catalog once, in one browser. */
  readonly url: string;
  /** Stops listening, and ends what is under way. */
  close(): Promise<void>;
}

/**
 * Starts the catalog's server on this machine's own address, which no other machine can reach.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` for a port that is taken; as `parseReference` and `openRegistry` for the target.
 */
export async function startCatalog(options: CatalogOptions = {}): Promise<RunningCatalog> {
  const registries = createRegistries();
  const path = await pathOf(registries, options);
  let app: Hono | undefined;
  const server = createAdaptorServer({
    fetch: (request, env) => app?.fetch(request, env) ?? new Response(null, { status: 503 }),
  });
  const port = await listen(server, options.port ?? 0);
  const session = createSession();
  const webRoot = fileURLToPath(new URL("./web", import.meta.url));
  app = createApp({ port, session, registries, trustBuckets: options.trustBuckets ?? [], webRoot });
  // Behind the #: browsers send that to nobody, and the page takes it away.
  const url = `http://127.0.0.1:${port}${path}#token=${session.token}`;
  const shown = options.open === true ? openBrowser(url, port) : undefined;
  return {
    url,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
      shown?.forget();
    },
  };
}

async function listen(server: ReturnType<typeof createAdaptorServer>, port: number): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new T4Error("ERR_T4_USAGE", "There is no such port.", { hint: "--port takes a whole number up to 65535." });
  }
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const message = `Cannot listen on port ${port}: ${cause.code ?? cause.message}.`;
      const hint = "Choose another with --port, or leave it out to get one that is free.";
      reject(new T4Error("ERR_T4_USAGE", message, { hint, cause }));
    });
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** The address of what is to be shown first. */
async function pathOf(registries: Registries, { target, registry }: CatalogOptions): Promise<string> {
  if (target === undefined) return registry === undefined ? "/" : pagePath((await opened(registries, registry)).id);
  if (!isPackage(target)) return pagePath((await opened(registries, target)).id);
  const reference = parseReference(target);
  const known = await opened(registries, registry ?? reference.registry);
  // A name that was mistyped is told where it was typed.
  await known.registry.resolve(reference.name, reference.revision);
  return pagePath(known.id, reference);
}

async function opened(registries: Registries, location = "local"): Promise<KnownRegistry> {
  return registries.open(location);
}

/** What has a registry in it is one, by whatever path; `alice/weather` is else a package. */
function isPackage(target: string): boolean {
  if (target === "local" || /^(?:[./~\\]|[A-Za-z]:|file:|s3:)/.test(target) || hasRegistry(target)) return false;
  return target.startsWith("quilt+") || /^[^/]+\/[^/]/.test(target);
}
