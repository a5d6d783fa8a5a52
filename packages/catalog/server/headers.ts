import type { MiddlewareHandler } from "hono";

/** What the catalog's own pages may do: run their own scripts, ask their own server, and nothing else. */
const SHELL_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types catalog-worker",
].join("; ");

/** What a package's own bytes may do where a browser shows them: nothing. */
export const RAW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

const COMMON = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Frame-Options": "DENY",
};

/** Gives every answer its security headers; an answer that has a policy of its own keeps it. */
export const securityHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(COMMON)) context.header(name, value);
  if (!context.res.headers.has("Content-Security-Policy")) context.header("Content-Security-Policy", SHELL_POLICY);
  if (!context.res.headers.has("Cache-Control")) context.header("Cache-Control", "no-store");
};

/** For answers that are named by a top hash: they never change. */
export const IMMUTABLE = "private, max-age=31536000, immutable";
