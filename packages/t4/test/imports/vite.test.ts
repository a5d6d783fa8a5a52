import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, createServer, type InlineConfig, type ViteDevServer } from "vite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Project } from "./project.js";

const APP = `
  import pkg from "t4:alice/weather";
  export const found = [pkg.topHash, pkg.message, pkg.meta, pkg.has("x"), [...pkg.walk()].map(([key]) => key)];
  export const text = () => pkg.entry("cities/a b.csv").text();
  export const url = pkg.entry("cities/a b.csv").url;
`;
const FOUND = (topHash: string): unknown[] => [topHash, "Oslo has 21", { station: 7 }, false, ["cities/a b.csv"]];

describe("the plugin of Vite", () => {
  let project: Project;
  let config: InlineConfig;
  let server: ViteDevServer | undefined;

  beforeEach(async () => {
    project = await Project.create();
    project.write("app.js", APP);
    project.write(
      "node.js",
      'import pkg from "t4:alice/weather";\nexport const text = pkg.entry("cities/a b.csv").text();',
    );
    // As users have it: by the name of the package.
    const { t4 } = (await import(pathToFileURL(project.path("node_modules/t4/dist/vite.js")).href)) as {
      t4: () => never;
    };
    config = { root: project.directory, configFile: false, logLevel: "silent", plugins: [t4()], server: { port: 0 } };
  });

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  it("writes the files of the pinned revision beside the page", async () => {
    await build({
      ...config,
      base: "./",
      build: { lib: { entry: project.path("app.js"), formats: ["es"], fileName: "app" }, assetsInlineLimit: 0 },
    });
    const { found, url } = (await import(pathToFileURL(project.path("dist/app.js")).href)) as Record<string, unknown>;
    expect(found).toEqual(FOUND(project.pinned));
    const assets = readdirSync(project.path("dist"), { recursive: true, encoding: "utf8" });
    const asset = assets.find((name) => name.endsWith(".csv")) ?? "";
    expect(String(url)).toContain(asset);
    expect(readFileSync(join(project.path("dist"), asset), "utf8")).toBe("city,celsius\nOslo,21\n");
    const code = readFileSync(project.path("dist/app.js"), "utf8");
    expect(code).not.toMatch(/node:|createRequire/);
  });

  it("serves files while a page is developed, in a sandbox, and no others", async () => {
    server = await createServer(config);
    await server.listen();
    const [base = ""] = server.resolvedUrls?.local ?? [];
    const app = await (await fetch(new URL("app.js", base))).text();
    const [, module = ""] = /"(\/@id\/[^"]*alice[^"]*)"/.exec(app) ?? [];
    const code = await (await fetch(new URL(module, base))).text();
    const [, file = ""] = /\["(\/@t4\/[^"]*)"\]/.exec(code) ?? [];
    const answer = await fetch(new URL(file, base));
    expect(await answer.text()).toBe("city,celsius\nOslo,21\n");
    expect(answer.headers.get("content-security-policy")).toBe("sandbox");
    const absent = await fetch(new URL(file.replace("cities", "..%2f.."), base));
    expect(await absent.text()).not.toContain("Oslo");
  });

  it("gives code for Node the package itself", async () => {
    server = await createServer({ ...config, server: { middlewareMode: true } });
    const { text } = await server.ssrLoadModule("/node.js");
    expect(await (text as Promise<string>)).toBe("city,celsius\nOslo,21\n");
  });

  it("tells what cannot be imported", async () => {
    project.write("app.js", 'import pkg from "t4:alice/absent"; console.log(pkg);');
    const lib = { entry: project.path("app.js"), formats: ["es" as const] };
    await expect(build({ ...config, build: { lib } })).rejects.toThrow("alice/absent is not pinned");
  });
});
