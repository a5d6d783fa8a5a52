import { ancestorsOf } from "../../format/logical-key.js";

/** Notes where a package got other files or lost some, so that an older view of it knows what it must leave alone. */
export class TouchLog {
  #count = 0;
  readonly #last = new Map<string, number>();

  /** The moment, for {@link TouchLog.isTouched}. */
  get now(): number {
    return this.#count;
  }

  /** Notes a file, or a directory (`""`: the package) with all that is and was below it. */
  note(key: string): void {
    this.#last.set(key, ++this.#count);
  }

  /** Whether there may be another file at a key than at that moment. */
  isTouched(logicalKey: string, since: number): boolean {
    if (this.#count === since) return false;
    return ["", logicalKey, ...ancestorsOf(logicalKey)].some((key) => (this.#last.get(key) ?? 0) > since);
  }
}
