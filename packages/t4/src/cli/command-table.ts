import type { CommandEntry } from "./command.js";

/** All commands, in the order of the help; each file is loaded only when its command runs. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  build: {
    summary: "make a revision of a directory in your local registry",
    load: () => import("./commands/build.js"),
  },
  push: { summary: "publish a directory as a revision", load: () => import("./commands/push.js") },
  install: { summary: "get a revision's files, verified", load: () => import("./commands/install.js") },
  list: { summary: "list the packages of a registry", load: () => import("./commands/list.js"), onlyPrints: true },
  search: { summary: "find packages of a registry by words", load: () => import("./commands/search.js") },
  find: { summary: "find packages of a registry by what holds of them", load: () => import("./commands/find.js") },
  log: { summary: "show a package's revisions and tags", load: () => import("./commands/log.js"), onlyPrints: true },
  show: { summary: "show one revision", load: () => import("./commands/show.js"), onlyPrints: true },
  ls: { summary: "list a directory inside a package", load: () => import("./commands/ls.js"), onlyPrints: true },
  cat: { summary: "print a file of a package, verified", load: () => import("./commands/cat.js"), onlyPrints: true },
  presign: {
    summary: "make a URL that reads a file of a bucket for a while",
    load: () => import("./commands/presign.js"),
    onlyPrints: true,
  },
  sql: { summary: "ask files of packages, and whole registries, in SQL", load: () => import("./commands/sql.js") },
  head: { summary: "print the first rows of a table", load: () => import("./commands/head.js"), onlyPrints: true },
  schema: { summary: "show the columns of a table", load: () => import("./commands/schema.js"), onlyPrints: true },
  diff: {
    summary: "compare two revisions, or a directory with its revision",
    load: () => import("./commands/diff.js"),
  },
  catalog: { summary: "look at registries in the browser", load: () => import("./commands/catalog.js") },
  status: {
    summary: "say what changed in a directory since it was installed or pushed",
    load: () => import("./commands/status.js"),
  },
  resolve: {
    summary: "settle files that were changed here and in the revision",
    load: () => import("./commands/resolve.js"),
  },
  verify: { summary: "check every byte of a directory against a revision", load: () => import("./commands/verify.js") },
  add: { summary: "pin a package in t4.lock", load: () => import("./commands/add.js") },
  outdated: {
    summary: "list pinned packages that have a later revision",
    load: () => import("./commands/outdated.js"),
    onlyPrints: true,
  },
  update: { summary: "pin the latest revisions", load: () => import("./commands/update.js") },
  types: {
    summary: "print TypeScript declarations of packages that are imported",
    load: () => import("./commands/types.js"),
    onlyPrints: true,
  },
  tag: { summary: "name a revision", load: () => import("./commands/tag.js") },
  rollback: { summary: "make latest stand on an older revision", load: () => import("./commands/rollback.js") },
  undo: { summary: "take back the newest operation on a package", load: () => import("./commands/undo.js") },
  rm: { summary: "take a package or revision out of a registry", load: () => import("./commands/rm.js") },
  gc: { summary: "remove what nothing refers to any more", load: () => import("./commands/gc.js") },
  fsck: { summary: "look for damage in a registry, and mend it", load: () => import("./commands/fsck.js") },
  doctor: { summary: "say what the place of a registry can do", load: () => import("./commands/doctor.js") },
  copy: {
    summary: "copy a revision, or the whole history, without tags, elsewhere",
    load: () => import("./commands/copy.js"),
  },
  export: {
    summary: "write a registry's packages as tables for other engines",
    load: () => import("./commands/export.js"),
  },
  workflow: { summary: "start the workflows of a registry", load: () => import("./commands/workflow.js") },
  config: { summary: "read and change your settings", load: () => import("./commands/config.js") },
  completion: {
    summary: "print a completion script for bash, zsh or fish",
    load: () => import("./commands/completion.js"),
    onlyPrints: true,
  },
};
