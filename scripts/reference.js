// Writes docs/reference from the docstrings of the door, or with --check fails when it is not current. Fails on anything
// undocumented, on a broken link, and on a function, class or method without an example.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Application, ReflectionKind } from "typedoc";

const COMMITTED = "docs/reference";
const { Class, Function: Free, Method, Variable } = ReflectionKind;

const isCheck = process.argv.includes("--check");
const out = isCheck ? mkdtempSync(join(tmpdir(), "t4-reference-")) : COMMITTED;
const app = await Application.bootstrapWithPlugins({ options: "typedoc.json", out, logLevel: "Warn" });
const project = await app.convert();
if (project === undefined) process.exit(1);
app.validate(project);
for (const reflection of [Class, Free, Method, Variable].flatMap((kind) => project.getReflectionsByKind(kind))) {
  const comments = [reflection.comment, ...(reflection.signatures ?? []).map(({ comment }) => comment)];
  const hasExample = comments.some((comment) => comment?.getTag("@example") !== undefined);
  if (!hasExample) app.logger.error(`${reflection.getFullName()} has no @example`);
}
await app.generateOutputs(project);
if (isCheck) {
  const stale = differences(out, COMMITTED);
  if (stale.length > 0) app.logger.error(`${COMMITTED} is not current, run npm run docs: ${stale.join(", ")}`);
  rmSync(out, { recursive: true });
}
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;

/** Paths of files that only one directory has, or that differ. */
function differences(a, b) {
  const [x, y] = [contents(a), contents(b)];
  return [...new Set([...x.keys(), ...y.keys()])].filter((path) => x.get(path) !== y.get(path));
}

function contents(directory) {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((item) => item.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name));
  return new Map(paths.map((path) => [path.slice(directory.length), readFileSync(path, "utf8")]));
}
