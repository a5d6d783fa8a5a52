import type { PackageContext } from "../pages/package-page.js";
import { targetOf } from "../state/target.js";
import { Empty } from "./empty.js";
import { pushCommand } from "./snippets.js";

/** Stands where the files of a revision would be that has none. */
export function NoFiles({ context }: { readonly context: PackageContext }) {
  return (
    <Empty title="This revision has no files" command={pushCommand(targetOf(context))}>
      <p>It holds metadata only, or is a beginning. A directory becomes the next revision by:</p>
    </Empty>
  );
}
