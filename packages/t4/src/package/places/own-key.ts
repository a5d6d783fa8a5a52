import { T4Error } from "../../base/errors.js";
import type { Entry } from "../../format/entry.js";
import { parseLogicalKey } from "../../format/logical-key.js";
import { keyFault } from "../../format/portable-key.js";
import type { PushOptions } from "../package-options.js";

/** The name of its own that an entry's file gets in the registry. */
export function ownKeyOf({ logicalKey }: Entry, dest: NonNullable<PushOptions["dest"]>): string {
  const text = typeof dest === "function" ? dest(logicalKey) : [dest, logicalKey].join("/");
  const key = parseLogicalKey(text.replace(/^(?:\.?\/)+/, ""));
  const fault = keyFault(key, "posix");
  if (fault === undefined) return key;
  throw new T4Error(
    "ERR_T4_USAGE",
    `Cannot put ${JSON.stringify(logicalKey)} at ${JSON.stringify(text)}: ${fault.reason}.`,
    {
      hint: "Give a directory inside the registry.",
      facts: { logicalKey, dest: text },
    },
  );
}
