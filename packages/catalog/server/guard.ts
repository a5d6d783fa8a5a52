import type { Context, MiddlewareHandler } from "hono";
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
 * Lets only the owner of the session in, and only requests that this server's own pages or the user's address bar made.
 * A page's address with the token opens the session and is then the same address without it.
 */
export function requireSession(session: Session): MiddlewareHandler {
  return async (context, next) => {
    const token = context.req.query("token");
    if (token !== undefined && isNavigation(context)) return openSession(context, session, token);
    if (!session.isOpen(context.req.header("Cookie"))) return locked(context);
    if (!isOwnRequest(context)) {
      return problem(context, 403, { code: "CrossSite", message: "Another site made this request." });
    }
    return next();
  };
}

function openSession(context: Context, session: Session, token: string): Response {
  if (session.redeem(token)) {
    context.header("Set-Cookie", `${session.cookieName}=${session.cookie}; Path=/; HttpOnly; SameSite=Strict`);
  } else if (!session.isOpen(context.req.header("Cookie"))) {
    return locked(context);
  }
  const url = new URL(context.req.url);
  url.searchParams.delete("token");
  return context.redirect(url.pathname + url.search, 303);
}

function isNavigation(context: Context): boolean {
  return context.req.method === "GET" && !context.req.path.startsWith("/api/");
}

function isOwnRequest(context: Context): boolean {
  const { method } = context.req;
  const site = context.req.header("Sec-Fetch-Site");
  const isWrite = method !== "GET" && method !== "HEAD";
  if (site !== undefined && site !== "same-origin" && (isWrite || site !== "none")) return false;
  // A form of another site can send neither; a script of another site would have to ask first, and is told no.
  return !isWrite || (context.req.header("X-T4") === "1" && isJson(context.req.header("Content-Type")));
}

function isJson(type: string | undefined): boolean {
  return type?.split(";")[0]?.trim() === "application/json";
}

function locked(context: Context): Response {
  const hint = "Run t4 catalog again and open the address that it prints: each address works once, in one browser.";
  if (!isNavigation(context)) {
    return problem(context, 401, { code: "Locked", message: "This request has no open session.", hint });
  }
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>T4 catalog: locked</title><link rel="stylesheet" href="/assets/locked.css">
<main><h1>This catalog is locked</h1><p>${hint}</p><pre>t4 catalog</pre></main></html>`;
  return context.html(page, 401);
}
