/** A plugin of Vite that makes packages part of what it builds. @module */
export type { PageEntry, PagePackage } from "./imports/page-package.js";
export { type T4Plugin, t4 } from "./imports/vite-plugin.js";
