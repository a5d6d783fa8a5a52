/** How paths are written on a system: `node:path`, or its `posix` or `win32`. */
export interface PathRules {
  relative(from: string, to: string): string;
  isAbsolute(path: string): boolean;
  readonly sep: string;
}

/**
 * The way from a directory down to a path, `""` for the directory itself; `undefined` when the path is not below it. Both are
 * absolute, with links resolved where these matter. From one drive of Windows to another there is no way but an absolute one.
 */
export function wayBelow(path: string, root: string, rules: PathRules): string | undefined {
  const way = rules.relative(root, path);
  return rules.isAbsolute(way) || way.split(rules.sep)[0] === ".." ? undefined : way;
}
