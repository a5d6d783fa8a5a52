import { type Context, Hono, type MiddlewareHandler } from "hono";
import { originOf } from "./headers.js";
import { bodyOf } from "./package-requests.js";
import { problem } from "./problem.js";
import type { Session } from "./session.js";

/**
 * Refuses requests that name another host: a page of a stranger whose name was made to point to this machine
 * ("DNS rebinding") gets no further than this.
 */
export function requireHost(port: number): MiddlewareHandler {
  const allowed = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  return async (context, next) => {
    if (allowed.has(context.req.header("Host") ?? "")) return next();
    return problem(context, 421, { code: "WrongHost", message: "This server answers only to its own address." });
  };
}

/**
 * Exchanges the token of the address that was printed for the secret of this run, once. The secret is no cookie: cookies go to
 * every port of this machine, and so to servers of its other users.
 */
export function sessionRoutes(session: Session): Hono {
  const app = new Hono();
  app.post("/api/v1/session", async (context) => {
    if (!isOwnRequest(context)) return crossSite(context);
    const { token } = await bodyOf(context);
    const secret = session.redeem(String(token));
    return secret === undefined ? locked(context) : context.json({ secret });
  });
  return app;
}

/** Lets only requests in that carry the secret, and of pages only those of this server. */
export function requireSession(session: Session): MiddlewareHandler {
  return async (context, next) => {
    if (!session.isOpen(context.req.header("Authorization"))) return locked(context);
    return isOwnRequest(context) ? next() : crossSite(context);
  };
}

/** Of this server's own pages, or of a program that is no browser. */
function isOwnRequest(context: Context): boolean {
  const [site, origin] = [context.req.header("Sec-Fetch-Site"), context.req.header("Origin")];
  return (site ?? "same-origin") === "same-origin" && (origin === undefined || origin === originOf(context));
}

function crossSite(context: Context): Response {
  return problem(context, 403, { code: "CrossSite", message: "Another site made this request." });
}

function locked(context: Context): Response {
  const hint = "Run t4 catalog again and open the address that it prints: each address works once, in one browser.";
  return problem(context, 401, { code: "Locked", message: "This catalog is locked.", hint, command: "t4 catalog" });
}
