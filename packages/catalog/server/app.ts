import { Hono } from "hono";
import { assetRoutes, pageRoutes } from "./asset-routes.js";
import { createCapabilities } from "./capability.js";
import { chartRoutes } from "./chart-routes.js";
import { compareRoutes } from "./compare-routes.js";
import { requireHost, requireSession, sessionRoutes } from "./guard.js";
import { securityHeaders } from "./headers.js";
import { historyRoutes } from "./history-routes.js";
import { createLongWorks } from "./long-work.js";
import { createOpenRevisions } from "./open-revisions.js";
import { packageRoutes } from "./package-routes.js";
import { problem, thrown } from "./problem.js";
import { rawRoutes } from "./raw-routes.js";
import type { Registries } from "./registries.js";
import { registryRoutes } from "./registry-routes.js";
import type { Services } from "./services.js";
import type { Session } from "./session.js";
import { sqlRoutes } from "./sql-routes.js";
import { tableRoutes } from "./table-routes.js";
import { verifyRoutes } from "./verify-routes.js";
import { workRoutes } from "./work-routes.js";

/** What the server is made of. */
export interface AppOptions {
  readonly port: number;
  readonly session: Session;
  readonly registries: Registries;
  /** Buckets that packages of any registry may lead to with the user's credentials. */
  readonly trustBuckets: readonly string[];
  /** Directory of the built pages. */
  readonly webRoot: string;
}

/**
 * All that the server answers. From the top: the host is checked for everything; pages and assets are the same for everybody, and
 * hold nothing; bytes of packages open by their address; the API asks for the session.
 */
export function createApp({ port, session, registries, trustBuckets, webRoot }: AppOptions): Hono {
  const revisions = createOpenRevisions({ trustBuckets });
  const capabilities = createCapabilities();
  const services: Services = { registries, revisions, capabilities, works: createLongWorks(), trustBuckets };
  const app = new Hono();
  app.onError((error, context) => thrown(context, error));
  app.notFound((context) => problem(context, 404, { code: "ERR_T4_NOT_FOUND", message: "There is nothing here." }));
  app.use(securityHeaders);
  app.use(requireHost(port));
  app.route("/", assetRoutes(webRoot));
  app.route("/", rawRoutes(services));
  app.route("/", chartRoutes(services, webRoot));
  app.all("/-/*", (context) => context.notFound());
  app.route("/", sessionRoutes(session));
  app.use("/api/*", requireSession(session));
  app.route("/api/v1", registryRoutes(services));
  app.route("/api/v1", historyRoutes(services));
  app.route("/api/v1", packageRoutes(services));
  app.route("/api/v1", compareRoutes(services));
  app.route("/api/v1", verifyRoutes(services));
  app.route("/api/v1", sqlRoutes(services));
  app.route("/api/v1", tableRoutes(services));
  app.route("/api/v1", workRoutes(services));
  app.all("/api/*", (context) => context.notFound());
  app.route("/", pageRoutes(webRoot));
  return app;
}
