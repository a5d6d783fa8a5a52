// The walls of the house: who may import whom, each with its reason. ARCHITECTURE.md has the picture.
const ROOMS = {
  base: [],
  hash: ["base"],
  format: ["base", "hash"],
  content: ["base"],
  manifest: ["base", "hash", "format"],
  store: ["base", "hash"],
  transfer: ["base", "hash", "store"],
  registry: ["base", "hash", "format", "manifest", "store"],
  config: ["base", "format"],
  package: ["base", "hash", "format", "content", "manifest", "store", "transfer", "registry", "config"],
  imports: ["base", "format", "package"],
  cli: [],
};
const src = "^packages/t4/src/";
const catalog = "^packages/catalog/";
const walls = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `wall-${room}`,
  severity: "error",
  comment: `${room} may import ${allowed.length === 0 ? "no other room" : allowed.join(", ")}: data flows one way`,
  from: { path: `${src}${room}/` },
  to: {
    path: src,
    pathNot: [room, ...allowed].map((name) => `${src}${name}/`).concat(room === "cli" ? [`${src}index.ts`] : []),
  },
}));

// Rooms inside of package, lowest first: each may import those before it, and package's own files.
const FLOORS = ["scan", "sources", "places", "registries", "changes", "directory"];
const floors = FLOORS.slice(0, -1).map((name, at) => ({
  name: `floor-${name}`,
  severity: "error",
  comment: `package/${name} stands below ${FLOORS.slice(at + 1).join(", ")}`,
  from: { path: `${src}package/${name}/` },
  to: { path: `${src}package/(${FLOORS.slice(at + 1).join("|")})/` },
}));

module.exports = {
  forbidden: [
    ...walls,
    ...floors,
    {
      name: "catalog-server",
      severity: "error",
      comment: "the catalog's server is a user of the library like any other: it sees the door alone",
      from: { path: `${catalog}server/` },
      to: { path: `^packages/(t4/(src|lib)|testkit)/|${catalog}(web|render)/` },
    },
    {
      name: "catalog-pages",
      severity: "error",
      comment: "pages and renderers run in a browser: what they know of the server is its JSON",
      from: { path: `${catalog}(web|render)/` },
      to: { path: `^packages/(t4|testkit)/|^node:|${catalog}server/`, pathNot: `${catalog}server/(api|table-api).ts` },
    },
    {
      name: "catalog-renderers",
      severity: "error",
      comment: "each renderer is a chunk of its own: the shell knows only their list",
      from: { path: `${catalog}web/` },
      to: {
        path: `${catalog}render/`,
        dependencyTypesNot: ["type-only"],
        pathNot: `${catalog}render/(previews|comparators|read-bytes|resolve-path).ts`,
      },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "a file that needs itself cannot be read top down",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only", "dynamic-import"] } },
    },
    {
      name: "no-testkit",
      severity: "error",
      comment: "faults and simulators are injected by tests; the product knows nothing of them",
      from: { path: src },
      to: { path: "packages/testkit/|^testkit/" },
    },
    {
      name: "pure-rooms",
      severity: "error",
      comment: "base, format and manifest run in a browser",
      from: { path: `${src}(base|format|manifest)/` },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-files-in-registry",
      severity: "error",
      comment: "registry knows packages, and leaves files to the store",
      from: { path: `${src}registry/` },
      to: { dependencyTypes: ["core"], path: "^(node:)?fs" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node"] },
  },
};
