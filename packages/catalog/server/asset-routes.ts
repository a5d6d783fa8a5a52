import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import { getCookie } from "hono/cookie";
import { forFrames, IMMUTABLE } from "./headers.js";

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
};

/** Scripts, styles and pictures of the pages themselves: the files of one directory, each read when it is first wanted. */
export function assetRoutes(webRoot: string): Hono {
  const app = new Hono();
  const directory = join(webRoot, "assets");
  const names = new Set(readdirSync(directory));
  app.get("/assets/:name", (context) => {
    const { name } = context.req.param();
    if (!names.has(name)) return context.notFound();
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    // The names of scripts and styles hold a hash of their content.
    const caching = /-[\w-]{8}\.\w+$/.test(name) ? IMMUTABLE : "no-cache";
    // Frames without an origin run them, too; they are the same for everybody.
    const headers = { "Content-Type": type, "Cache-Control": caching, ...forFrames(context) };
    return context.body(readFileSync(join(directory, name)), 200, headers);
  });
  return app;
}

/** The one page; its script shows what the address names. The theme is written into it, so that it never flashes. */
export function pageRoutes(webRoot: string): Hono {
  const app = new Hono();
  const page = readFileSync(join(webRoot, "index.html"), "utf8");
  app.get("*", (context) => {
    const theme = getCookie(context, "t4-theme");
    const chosen = theme === "light" || theme === "dark" ? theme : "auto";
    return context.html(page.replace('data-theme="auto"', `data-theme="${chosen}"`));
  });
  return app;
}
