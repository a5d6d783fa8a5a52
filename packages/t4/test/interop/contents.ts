import { type JsonInput, Package } from "#t4/index.js";
import { pythonJson } from "./python-json.js";

/** What a package is made of, for them and for us. */
export interface Contents {
  /** Single files by key: a path, alone or with metadata. */
  readonly files?: Readonly<Record<string, string | { readonly path: string; readonly meta: JsonInput }>>;
  /** A directory that becomes the root. */
  readonly directory?: string;
  /** Metadata of the package; absent: none was ever set. */
  readonly meta?: JsonInput;
  /** Metadata of directories. */
  readonly directories?: readonly (readonly [path: string, meta: JsonInput])[];
}

/** The package as we make it. */
export async function ourPackage({ files = {}, directory, meta, directories = [] }: Contents): Promise<Package> {
  const pkg = new Package();
  if (directory !== undefined) await pkg.setDir("", directory);
  for (const [key, file] of Object.entries(files)) {
    const { path, ...options } = typeof file === "string" ? { path: file } : file;
    await pkg.set(key, path, options);
  }
  if (meta !== undefined) pkg.setMeta(meta);
  for (const [path, directoryMeta] of directories) pkg.setMeta(directoryMeta, path);
  return pkg;
}

/** The same for their driver. */
export function theirPackage({
  files = {},
  directory,
  meta,
  directories = [],
}: Contents): Readonly<Record<string, unknown>> {
  return {
    directory,
    files: Object.entries(files).map(([key, file]) =>
      typeof file === "string" ? { key, path: file } : { key, path: file.path, meta: pythonJson(file.meta) },
    ),
    directories: directories.map(([path, value]) => [path, pythonJson(value)]),
    meta: meta === undefined ? undefined : pythonJson(meta),
  };
}
