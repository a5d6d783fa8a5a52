import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import { chartPolicy, originOf } from "./headers.js";
import { locked } from "./raw-routes.js";
import type { Services } from "./services.js";

/**
 * The page that draws charts, once for each revision: the catalog's own script in a frame without an origin, which reads that
 * revision's bytes and nothing else. What a chart computes is computed there.
 */
export function chartRoutes({ capabilities }: Services, webRoot: string): Hono {
  const app = new Hono();
  const page = readFileSync(join(webRoot, "chart.html"), "utf8");
  app.get("/-/chart/:mark/:reg/:ns/:name/:topHash/", (context) => {
    const { mark, reg, ns, name, topHash } = context.req.param();
    const place = { registryId: reg, name: `${ns}/${name}`, topHash };
    if (!capabilities.isValid(mark, place)) return locked(context);
    const origin = originOf(context);
    return context.html(page, 200, {
      "Content-Security-Policy": chartPolicy(origin + capabilities.rawPath(place), origin),
      "X-Frame-Options": "SAMEORIGIN",
    });
  });
  return app;
}
