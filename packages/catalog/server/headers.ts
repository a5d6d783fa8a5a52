import type { Context, MiddlewareHandler } from "hono";

/** What the catalog's own pages at `origin` may do: run their own scripts, ask their own server, and nothing else. */
function shellPolicy(origin: string): string {
  return [
    "default-src 'none'",
    // Not all of the server's own: a package's bytes are below another path, and are never the catalog's code.
    `script-src ${origin}/assets/`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    `worker-src ${origin}/assets/`,
    `frame-src ${origin}/-/`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types catalog-worker",
  ].join("; ");
}

/** What a package's own bytes may do where a browser shows them: nothing. */
export const RAW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/** What frames may do in which a stranger's code or charts run; `own` is the address of their revision's bytes. */
function framePolicy(own: string, scripts: string): string {
  return [
    // No `allow-same-origin`: the frame is nobody, to the catalog and to every other site.
    "sandbox allow-scripts",
    "default-src 'none'",
    `script-src ${scripts}`,
    `style-src 'unsafe-inline' data: ${own}`,
    `img-src data: blob: ${own}`,
    `font-src data: ${own}`,
    `media-src data: blob: ${own}`,
    `connect-src data: blob: ${own}`,
    "worker-src blob:",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
}

/** For a package's own page: its scripts run, and reach its own revision's files alone. */
export function pagePolicy(own: string): string {
  return framePolicy(own, `'unsafe-inline' 'unsafe-eval' blob: data: ${own}`);
}

/** For the catalog's page that draws a package's chart: the catalog's script runs, and reaches that revision's files alone. */
export function chartPolicy(own: string, origin: string): string {
  return framePolicy(own, `${origin}/assets/`);
}

/** Where this server is, as the request said; only its own names get this far. */
export function originOf(context: Context): string {
  return `http://${context.req.header("Host") ?? ""}`;
}

const COMMON = {
  "X-Content-Type-Options": "nosniff",
  "X-DNS-Prefetch-Control": "off",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Frame-Options": "DENY",
  "Cache-Control": "no-store",
};

/** Gives every answer its security headers; one that has its own keeps it. */
export const securityHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  const missing = { ...COMMON, "Content-Security-Policy": shellPolicy(originOf(context)) };
  for (const [name, value] of Object.entries(missing)) if (!context.res.headers.has(name)) context.header(name, value);
};

/** For answers that are named by a top hash: they never change. */
export const IMMUTABLE = "private, max-age=31536000, immutable";

/** Lets frames without an origin read an answer: of what is public, or opens by its address alone. No site with a name may. */
export function forFrames(context: Context): Record<string, string> {
  const isNobody = context.req.header("Origin") === "null";
  const isForeign = isNobody || context.req.header("Sec-Fetch-Site") === "cross-site";
  return {
    Vary: "Origin, Sec-Fetch-Dest, Sec-Fetch-Site",
    ...(isNobody ? { "Access-Control-Allow-Origin": "null" } : {}),
    ...(isForeign ? { "Cross-Origin-Resource-Policy": "cross-origin" } : {}),
  };
}
