import { type Config, loader as createLoader, type Loader, parse, type Spec, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type Config as LiteConfig, type TopLevelSpec } from "vega-lite";
import { encodePath } from "../../web/state/routes.js";
import { resolvePath } from "../resolve-path.js";

/**
 * Draws the chart that the address names. Runs in a frame without an origin whose policy allows only the bytes of one
 * revision; expressions are interpreted, never compiled. What goes wrong is said in its place.
 */
async function draw(): Promise<void> {
  const query = new URLSearchParams(window.location.search);
  const path = query.get("path") ?? "";
  const isDark = query.get("theme") === "dark";
  document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  const spec = (await (await read(path)).json()) as Record<string, unknown>;
  const config = configOf(isDark);
  document.body.style.background = backgroundOf(isDark);
  const runtime = parse(vegaOf(spec, config), config, { ast: true });
  const container = document.getElementById("chart") as HTMLElement;
  const view = new View(runtime, {
    renderer: "svg",
    container,
    hover: true,
    loader: loaderFor(path),
    expr: expressionInterpreter,
  });
  await view.runAsync();
}

/** Vega-Lite as Vega. A chart that says nothing of its width gets that of the frame. */
function vegaOf(spec: Record<string, unknown>, config: LiteConfig): Spec {
  if (!String(spec["$schema"]).includes("/vega-lite/")) return spec;
  const isSingle = "mark" in spec || "layer" in spec;
  const sized = isSingle && !("width" in spec) ? { ...spec, width: Math.max(200, window.innerWidth - 120) } : spec;
  return compile(sized as unknown as TopLevelSpec, { config }).spec;
}

/** Files of the same revision; all else is refused here, and by the policy. */
function loaderFor(from: string): Loader {
  const addressOf = (uri: string): string => {
    const path = resolvePath(from, uri);
    if (path === undefined) throw new Error(`${uri} is not in this revision, and nothing else is loaded.`);
    return rawUrl(path);
  };
  return Object.assign(createLoader(), {
    load: async (uri: string) => (await request(addressOf(uri), uri)).text(),
    sanitize: async (uri: string) => ({ href: addressOf(uri) }),
  });
}

function rawUrl(path: string): string {
  return window.location.pathname.replace("/-/chart/", "/-/raw/") + encodePath(path);
}

async function read(path: string): Promise<Response> {
  return request(rawUrl(path), path);
}

async function request(url: string, name: string): Promise<Response> {
  const response = await fetch(url);
  if (response.ok) return response;
  const told = (await response.json().catch(() => undefined)) as { readonly message?: string } | undefined;
  throw new Error(told?.message ?? `${name} is answered with ${response.status}.`);
}

function backgroundOf(isDark: boolean): string {
  return isDark ? "#0e1116" : "#ffffff";
}

/** Charts say nothing of dark pages: what they leave to the default is made fit for them. */
function configOf(isDark: boolean): Config & LiteConfig {
  const [text, line] = isDark ? ["#c9d0da", "#3a424e"] : ["#3a4150", "#dfe3e8"];
  const font = "system-ui, sans-serif";
  const words = { labelColor: text, titleColor: text, labelFont: font, titleFont: font };
  return {
    background: backgroundOf(isDark),
    title: { color: text, font },
    axis: { ...words, domainColor: line, gridColor: line, tickColor: line },
    legend: { ...words, symbolBaseFillColor: text, symbolBaseStrokeColor: text },
    header: words,
    style: { cell: { stroke: line }, "guide-label": { fill: text, font }, "guide-title": { fill: text, font } },
  };
}

function tellHeight(): void {
  window.parent.postMessage({ height: document.documentElement.getBoundingClientRect().height }, "*");
}

draw()
  .catch(showProblem)
  // Before it is drawn it has no height, and the page would jump twice.
  .finally(() => new ResizeObserver(tellHeight).observe(document.documentElement));

function showProblem(error: unknown): void {
  const words = error instanceof Error ? error.message : String(error);
  const problem = document.createElement("p");
  problem.setAttribute("role", "alert");
  problem.textContent = `This chart cannot be drawn: ${words}`;
  document.body.append(problem);
}
