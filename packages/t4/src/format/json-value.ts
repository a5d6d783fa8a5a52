/**
 * A JSON value that keeps everything Python's `json` keeps: whether a number was written as a float, integers of any
 * length, the order of keys and lone surrogates.
 *
 * `number` is an integer within ±(2^53 − 1), larger integers are `bigint`, and every float is a {@link PyFloat}.
 */
export type Json = null | boolean | string | number | bigint | PyFloat | readonly Json[] | JsonObject;

/** A JSON object with its keys in file order; a `Map`, so that no key (`__proto__`, `10`) is special. */
export type JsonObject = ReadonlyMap<string, Json>;

/**
 * A number that Python holds as a float and prints with a point or an exponent (`1.0`, `1e-07`, `NaN`).
 *
 * @example
 * ```ts
 * import { PyFloat } from "t4";
 * console.assert(new PyFloat(2).value === 2);
 * ```
 */
export class PyFloat {
  /** The IEEE 754 double; may be NaN or infinite in manifests of old clients. */
  readonly value: number;

  /** Holds a double; `pyFloat` is the shorter way. Metadata refuses NaN and infinities. */
  constructor(value: number) {
    this.value = value;
  }
}
