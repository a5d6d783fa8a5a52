import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { openLock } from "../package/lock/open-lock.js";
import { Package } from "../package/package.js";
import { packageAt, packageModule, packageUrl, SCHEME } from "./package-module.js";
import { assetName, type PageFiles, pageModule } from "./page-module.js";

type Next = (error?: unknown) => void;

/** What is used of an answer of Node's server. */
interface Response {
  setHeader(name: string, value: string): unknown;
  end(bytes: Uint8Array): unknown;
}

/** What is used of Vite's development server. */
interface Server {
  readonly middlewares: {
    use(
      path: string,
      handle: (request: { readonly url?: string }, response: Response, next: Next) => Promise<void>,
    ): unknown;
  };
}

/** What is used of Rollup's context of a plugin. */
interface Context {
  emitFile(file: { readonly type: "asset"; readonly name: string; readonly source: Uint8Array }): string;
  addWatchFile(path: string): void;
}

/** The plugin, as Vite takes it. */
export interface T4Plugin {
  readonly name: string;
  readonly enforce: "pre";
  /** Learns whether it serves or builds, and where. */
  configResolved(config: { readonly command: "build" | "serve"; readonly base: string }): void;
  /** Serves files of packages while a page is developed. */
  configureServer(server: Server): void;
  /** Takes `t4:<author>/<package>` for a module. */
  resolveId(id: string, importer?: string): string | undefined;
  /** Makes the code of such a module. */
  load(this: Context, id: string, options?: { readonly ssr?: boolean | undefined }): Promise<string | undefined>;
}

/** Ids with a zero are nobody else's business, says Rollup. */
const OURS = `\0${SCHEME}`;
const RUNTIME = `${OURS}page-package`;
/** Where the development server has files of packages. */
const SERVED = "@t4/";

/**
 * The plugin for `plugins` in the settings of Vite.
 *
 * In code for a browser, `import pkg from "t4:alice/weather"` is a {@link PagePackage}: the pinned revision, each file verified and
 * written beside the page, at most 10,000 files and 1 GiB. In code for Node, as in tests, it is a `Package`.
 *
 * @example
 * ```ts
 * import { t4 } from "t4/vite";
 * export default { plugins: [t4()] };
 * ```
 */
export function t4(): T4Plugin {
  const served = new Map<string, Package>();
  let command: "build" | "serve" = "build";
  let base = "/";
  return {
    name: "t4",
    enforce: "pre",
    configResolved: (config) => void ({ command, base } = config),
    configureServer({ middlewares }) {
      middlewares.use(`/${SERVED}`, async ({ url = "" }, response, next) => {
        try {
          if (!(await serveFile(served, url, response))) next();
        } catch (error) {
          next(error);
        }
      });
    },
    resolveId(id, importer) {
      if (id === RUNTIME) return id;
      if (!id.startsWith(SCHEME)) return undefined;
      return `\0${packageUrl(id, importer === undefined ? undefined : pathToFileURL(importer).href)}`;
    },
    async load(id, options) {
      if (id === RUNTIME) return readFileSync(new URL("./page-package.js", import.meta.url), "utf8");
      if (!id.startsWith(OURS)) return undefined;
      const { name, lock } = packageAt(id.slice(1));
      if (lock !== undefined) this.addWatchFile(lock);
      if (options?.ssr === true) return packageModule(id.slice(1), "t4");
      const pkg = lock === undefined ? await Package.browse(name) : await (await openLock(dirname(lock))).browse(name);
      const place: PageFiles["place"] =
        command === "build" ? emitting(this) : async (key) => JSON.stringify(servedUrl(base, pkg, key));
      served.set(pkg.topHash(), pkg);
      return pageModule(name, pkg, { runtime: RUNTIME, place });
    },
  };
}

function emitting(context: Context): PageFiles["place"] {
  return async (logicalKey, read) => {
    const reference = context.emitFile({ type: "asset", name: assetName(logicalKey), source: await read() });
    return `import.meta.ROLLUP_FILE_URL_${reference}`;
  };
}

function servedUrl(base: string, pkg: Package, logicalKey: string): string {
  return `${base}${SERVED}${pkg.topHash()}/${logicalKey.split("/").map(encodeURIComponent).join("/")}`;
}

/** Answers for a file of a package that is part of a page; `false`: it is none. */
async function serveFile(served: ReadonlyMap<string, Package>, url: string, response: Response): Promise<boolean> {
  const [topHash = "", ...parts] = url.split("?", 1).join("").replace(/^\//, "").split("/");
  const key = decodeURIComponent(parts.join("/"));
  const pkg = served.get(topHash);
  if (pkg === undefined || !pkg.has(key)) return false;
  const bytes = await pkg.entry(key).bytes();
  // A stranger's page must not run as one of this server; pictures need no type, but those that are text.
  response.setHeader("Content-Security-Policy", "sandbox");
  response.setHeader("Content-Type", /\.svg$/i.test(key) ? "image/svg+xml" : "application/octet-stream");
  response.end(bytes);
  return true;
}
