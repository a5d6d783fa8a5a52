import { T4Error } from "../base/errors.js";

/** The error for a key at which a package has neither a file nor a directory. */
export function nothingAt(key: string): T4Error {
  return new T4Error("ERR_T4_NOT_FOUND", `The package has nothing at ${JSON.stringify(key)}.`, {
    facts: { logicalKey: key },
  });
}

/** The error for an entry whose key is another file by now. */
export function anotherFileAt(logicalKey: string): T4Error {
  return new T4Error("ERR_T4_CONFLICT", `${JSON.stringify(logicalKey)} was set again since this entry was taken.`, {
    hint: "Take the entry again: pkg.entry(key) is what is there now.",
    facts: { logicalKey },
  });
}
