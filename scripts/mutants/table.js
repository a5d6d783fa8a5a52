import { BUCKET } from "./bucket.js";
import { CONTENT } from "./content.js";
import { EXPORT } from "./export.js";
import { PACKAGE } from "./package.js";
import { ROWS } from "./rows.js";
import { SQL } from "./sql.js";
import { STORE } from "./store.js";
import { TRANSFER } from "./transfer.js";

/**
 * Lines that keep a promise, each taken away once, and the tests that must notice. `find` is source text that stands exactly
 * once in the file; paths are relative to packages/t4/src and packages/t4/test.
 */
export const MUTANTS = [...STORE, ...TRANSFER, ...PACKAGE, ...BUCKET, ...SQL, ...EXPORT, ...CONTENT, ...ROWS];
