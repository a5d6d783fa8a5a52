import { Hono } from "hono";
import type { Services } from "./services.js";

/** How far long work is that a request with the header `X-T4-Work` asked for. */
export function workRoutes({ works }: Services): Hono {
  const app = new Hono();
  app.get("/work/:word", (context) => context.json(works.progressOf(context.req.param("word")) ?? null));
  return app;
}
