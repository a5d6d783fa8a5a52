import { importHooks } from "./imports/import-hooks.js";

/** The hooks for Node's thread of hooks. */
export const { resolve, load } = importHooks(new URL("./index.js", import.meta.url).href);
