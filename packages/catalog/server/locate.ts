import { parseReference, T4Error } from "t4";
import type { Located } from "./api.js";
import { type PagePlace, pagePath } from "./page-path.js";
import { notFound } from "./problem.js";
import { type KnownRegistry, packageNames, type Registries } from "./registries.js";

/** What is to be found, and the registry that the reader looks at. */
export interface LocateQuery {
  readonly text: string;
  readonly registry: string | undefined;
}

/** A page of Quilt's catalog: `…/b/<bucket>/packages/<author>/<name>/tree/<revision>/<path>`. */
const QUILT_PAGE = /\/b\/([^/?#]+)\/packages\/([^/?#]+\/[^/?#]+)(?:\/tree\/([^/?#]+)(?:\/([^?#]*))?)?/;
/** Packages of a registry that are asked for a top hash. */
const MOST_ASKED = 5000;

/**
 * Finds the page that a text means: a Quilt URI, a link of Quilt's catalog, a package with or without a revision and path, or a
 * top hash. Only registries that this user has opened are looked into.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND` where there is no such thing, `ERR_T4_INVALID_REFERENCE` for a text that means
 * nothing.
 */
export async function locate(registries: Registries, { text, registry: current }: LocateQuery): Promise<Located> {
  const page = QUILT_PAGE.exec(text);
  if (page !== null) return locateQuiltPage(registries, page);
  if (text.startsWith("quilt+")) {
    const { registry = "", name, revision, path } = parseReference(text);
    return located(await registryAt(registries, registry), { name, revision, path });
  }
  const known = current === undefined ? undefined : await registries.get(current);
  if (known !== undefined && /^[0-9a-f]{6,64}$/.test(text)) return locateHash(known, text);
  if (known !== undefined && /^[^/\s]+\/[^/\s]/.test(text)) return located(known, parseReference(text));
  throw new T4Error("ERR_T4_INVALID_REFERENCE", `${JSON.stringify(text)} leads nowhere.`, {
    hint: "Give author/package, a top hash, a quilt+ URI or a link of a Quilt catalog.",
  });
}

async function locateQuiltPage(
  registries: Registries,
  [, bucket = "", name = "", revision, path]: string[],
): Promise<Located> {
  const known = await registryAt(registries, `s3://${bucket}`);
  return located(known, {
    name: decodeURIComponent(name),
    revision: revision && decodeURIComponent(revision),
    path: path && decodeURIComponent(path),
  });
}

/** A known registry by its URL; a bucket also by the name of a folder that holds its copy. */
async function registryAt(registries: Registries, url: string): Promise<KnownRegistry> {
  const rows = await registries.list();
  const bucket = /^s3:\/\/([^/]+)\/?$/.exec(url)?.[1];
  const row =
    rows.find((one) => withoutSlash(one.url) === withoutSlash(url)) ??
    rows.find((one) => bucket !== undefined && one.kind === "folder" && one.label === bucket);
  if (row !== undefined) return registries.get(row.id);
  throw notFound(
    `This catalog does not know the registry ${url}.`,
    "Open it from the catalog's first page, and come back.",
  );
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

async function located({ id, registry }: KnownRegistry, { name, revision, path }: PagePlace): Promise<Located> {
  await registry.resolve(name, revision);
  const pinned = revision === "latest" ? undefined : revision;
  const label = `${name}${revision === undefined ? "" : `@${revision}`}${path ? `/${path}` : ""}`;
  return { href: pagePath(id, { name, revision: pinned, path }), label };
}

/** The package that has a revision of this hash. Costs a look into each until it is found. */
async function locateHash(known: KnownRegistry, text: string): Promise<Located> {
  for (const name of (await packageNames(known)).slice(0, MOST_ASKED)) {
    const topHash = await known.registry.resolve(name, text).catch(() => undefined);
    if (topHash !== undefined) return located(known, { name, revision: topHash });
  }
  throw notFound(`No package of this registry has a revision ${text}.`);
}
