import { T4Error } from "../base/errors.js";
import type { PackageName } from "../format/package-name.js";
import { LATEST } from "../format/pointer.js";
import { pointerKey } from "../format/registry-layout.js";
import type { RegistryContext } from "./context.js";
import {
  completeOperation,
  listOperations,
  type Operation,
  type PointerChange,
  type RecordedOperation,
} from "./operation-records.js";
import { type ChangeOptions, changePointers } from "./operations.js";
import { topHashAt } from "./read-quietly.js";

/**
 * Takes back the newest operation on a package that still stands, within 90 days; undoing an undo does it again. Of an
 * operation that was cut off, what it changed is taken back; an undo that was cut off is finished. Returns changes whose
 * `before` is what stands now.
 *
 * @throws {@link T4Error} `ERR_T4_NOT_FOUND` when there is nothing to undo.
 */
export async function undoOperation(
  context: RegistryContext,
  name: PackageName,
  { dryRun = false }: ChangeOptions = {},
): Promise<Operation> {
  for (const operation of await listOperations(context, name)) {
    const { made, open } = await present(context, name, operation);
    if (made.length === 0) continue;
    if (operation.isDone !== true && operation.kind === "undo" && open.length > 0) {
      const finished = await changePointers(context, name, { kind: "undo", changes: open, begun: [operation], dryRun });
      return { ...finished, changes: reversed(finished.changes) };
    }
    // Of one that was cut off, that is all there ever was.
    if (operation.isDone !== true && !dryRun) await completeOperation(context, operation, made);
    await changePointers(context, name, { kind: "undo", changes: reversed(made), dryRun });
    return { kind: operation.kind, changes: made };
  }
  throw new T4Error("ERR_T4_NOT_FOUND", `There is nothing to undo for ${name}.`, {
    hint: "Operations of T4 clients can be undone for 90 days, as long as nothing was built on them.",
    facts: { package: name },
  });
}

function reversed(changes: readonly PointerChange[]): PointerChange[] {
  return changes.map(({ pointer, before, after }) => ({ pointer, before: after, after: before }));
}

/** The changes of an operation that stand, and those that are still to be made. */
interface Present {
  readonly made: readonly PointerChange[];
  readonly open: readonly PointerChange[];
}

const NOTHING: Present = { made: [], open: [] };

/**
 * How far an operation stands. One that came to its end stands as a whole or not at all; of one that was cut off, pointers
 * that others have changed since are theirs, and if that is `latest`, then something was built on it.
 */
async function present(
  context: RegistryContext,
  name: PackageName,
  { changes, isDone }: RecordedOperation,
): Promise<Present> {
  const [made, open]: [PointerChange[], PointerChange[]] = [[], []];
  for (const change of changes) {
    const { pointer, before, after } = change;
    const topHash = (await topHashAt(context, pointerKey(name, pointer))) ?? null;
    if (topHash === after && (isDone === true || before !== after)) made.push(change);
    else if (isDone === true || (pointer === LATEST && topHash !== before)) return NOTHING;
    else if (topHash === before) open.push(change);
  }
  return { made, open };
}
