import { T4Error } from "./errors.js";

/** The error for a value of another type: JavaScript cannot be held to types, and what is missing must not become a file. */
export function unexpected(value: unknown, expected: string): T4Error {
  const got = value === null ? "null" : typeof value;
  return new T4Error("ERR_T4_USAGE", `Expected ${expected}, got ${got}.`, {
    hint: "Names, keys and paths are texts; content goes in with setBytes, setText or setJson.",
    facts: { expected, got },
  });
}

/**
 * Holds a value to a text.
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` that says what was expected.
 */
export function requireText(value: unknown, expected: string): void {
  if (typeof value !== "string") throw unexpected(value, expected);
}
