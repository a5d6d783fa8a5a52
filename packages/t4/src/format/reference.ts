import { T4Error } from "../base/errors.js";
import { requireText } from "../base/unexpected.js";
import { type PackageName, parsePackageName } from "./package-name.js";
import { unquote } from "./percent.js";

/** What a user writes to name a package, one of its revisions and a path inside. */
export interface Reference {
  /** The package's name. */
  readonly name: PackageName;
  /** A top hash or its beginning, a tag, `latest` or `latest~n`; `undefined` means `latest`. */
  readonly revision?: string;
  /** A logical key or directory inside the package. */
  readonly path?: string;
  /** The registry, when the reference names it (`quilt+s3://bucket#…`). */
  readonly registry?: string;
}

const REFERENCE = /^([^/@:]+\/[^/@:]+)(?:[@:]([^/]+))?(?:\/(.*))?$/s;

/**
 * Reads a reference: `ns/name`, `ns/name@<hash>`, `ns/name:<tag>`, `ns/name@latest~1`, each with `/path/inside`, or
 * `quilt+s3://bucket#package=ns/name@hash&path=…`.
 *
 * Only the form is checked: whether there is such a package and revision, the registry knows.
 *
 * @throws {@link T4Error} `ERR_T4_INVALID_REFERENCE` for a URI without a package, `ERR_T4_INVALID_NAME` for anything else
 * that is no reference.
 *
 * @example
 * ```ts
 * import { parseReference } from "t4";
 * const { name, revision, path } = parseReference("alice/iris@latest~1/data/iris.csv");
 * console.assert(name === "alice/iris" && revision === "latest~1" && path === "data/iris.csv");
 * ```
 */
export function parseReference(text: string): Reference {
  requireText(text, "<author>/<package>");
  if (text.startsWith("quilt+")) return parseQuiltUri(text);
  const [, name, revision, path] = REFERENCE.exec(text) ?? [];
  if (name === undefined) return { name: parsePackageName(text) };
  return reference(parsePackageName(name), { revision, path });
}

function parseQuiltUri(text: string): Reference {
  const [registry = "", fragment = ""] = text.slice("quilt+".length).split("#", 2);
  const fields = new Map(fragment.split("&").map((field): [string, string] => splitField(field)));
  const target = fields.get("package");
  if (target === undefined) {
    throw new T4Error("ERR_T4_INVALID_REFERENCE", `Invalid Quilt URI ${JSON.stringify(text)}: it names no package.`, {
      hint: "Expected quilt+s3://bucket#package=author/name@hash&path=file.",
    });
  }
  const [, name = target, revision] = /^([^@:]+)(?:[@:](.+))?$/.exec(target) ?? [];
  return reference(parsePackageName(name), { revision, path: fields.get("path"), registry });
}

function splitField(field: string): [string, string] {
  const equals = field.indexOf("=");
  return [field.slice(0, equals), unquote(field.slice(equals + 1))];
}

/** Leaves out what is missing or empty. */
function reference(
  name: PackageName,
  parts: Readonly<Record<"revision" | "path", string | undefined>> & { readonly registry?: string },
): Reference {
  const given = Object.entries(parts).filter(([, value]) => value !== undefined && value !== "");
  return { name, ...Object.fromEntries(given) };
}
