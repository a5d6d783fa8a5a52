import { T4Error } from "../base/errors.js";

/**
 * A key as all stores take it: relative, without empty, `.` or `..` components.
 *
 * @throws {@link T4Error} `ERR_T4_UNSAFE`.
 */
export function requireKey(key: string): string {
  const isSafe =
    key !== "" && !key.includes("\0") && key.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (isSafe) return key;
  throw new T4Error(
    "ERR_T4_UNSAFE",
    `Invalid key ${JSON.stringify(key)} of a store: expected a relative path without '.' and '..'.`,
  );
}
