/** `node --import t4/register`: from then on `import pkg from "t4:alice/weather"` is a package. @module */
import module from "node:module";
import { load, resolve } from "./import-hooks.js";
import type { ImportHooks } from "./imports/import-hooks.js";

// Node 22.15 and later run hooks in the same thread; before, they are in one of their own.
const { registerHooks } = module as { readonly registerHooks?: (hooks: ImportHooks) => void };
if (registerHooks === undefined) module.register("./import-hooks.js", import.meta.url);
else registerHooks({ resolve, load });
