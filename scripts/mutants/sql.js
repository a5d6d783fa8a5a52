// Of SQL: what shuts a statement in, and what keeps rows from getting lost.

export const SQL = [
  {
    name: "a statement may reach files",
    file: "package/sql/engine.ts",
    find: `await run("set enable_external_access = false");`,
    replace: "",
    tests: ["sql/hostile-sql.test.ts"],
  },
  {
    name: "a statement finds the settings open",
    file: "package/sql/engine.ts",
    find: `await run("set lock_configuration = true");`,
    replace: "",
    tests: ["sql/hostile-sql.test.ts"],
  },
  {
    name: "extensions are loaded when a statement needs them",
    file: "package/sql/engine.ts",
    find: `autoload_known_extensions: "false",`,
    replace: "",
    tests: ["sql/hostile-sql.test.ts"],
  },
  {
    name: "a statement need not be one that reads",
    file: "package/sql/statement.ts",
    find: "if (parsed.error || parsed.statements?.length !== 1) throw notOneSelect();",
    replace: "if (parsed.statements === undefined) parsed.statements = [{}];",
    tests: ["sql/hostile-sql.test.ts", "sql/sql.test.ts"],
  },
  {
    name: "what seems to be a statement's end is cut off unseen",
    file: "package/sql/statement.ts",
    find: "shorter !== text && (await serialized(engine, shorter)) === json ? shorter : text",
    replace: "shorter",
    tests: ["sql/sql.test.ts"],
  },
  {
    name: "two files are one table",
    file: "package/sql/package-tables.ts",
    find: "requireDistinct(paths);",
    replace: "",
    tests: ["sql/sql.test.ts"],
  },
  {
    name: "a result that is cut off ends like a whole one",
    file: "package/sql/sql-result.ts",
    find: "if (chunk === null || chunk.rowCount === 0) throw cutOff(left);",
    replace: "if (chunk === null || chunk.rowCount === 0) return;",
    tests: ["sql/cut-off.test.ts"],
  },
  {
    name: "copies stay when a statement fails",
    file: "package/sql/run-sql.ts",
    find: "directory?.remove();",
    replace: "",
    tests: ["sql/sql.test.ts"],
  },
  {
    name: "a column of a whole row is not loaded",
    file: "package/sql/statement.ts",
    find: "const isAll = nodes.some((node) => readsAll(node, rows));",
    replace: "const isAll = nodes.length < rows.size;",
    tests: ["sql/registry-tables.test.ts"],
  },
];
