import { bytes, exact } from "../format.js";

/** A size; the exact one is one hover away. */
export function ByteCount({ count }: { readonly count: number }) {
  return (
    <span class="number" title={`${exact(count)} bytes`}>
      {bytes(count)}
    </span>
  );
}
