import { PREVIEWS } from "../../render/previews.js";
import type { EntryFacts } from "../../server/api.js";
import type { PackageContext } from "../pages/package-page.js";
import { packageApi, packageHref } from "../state/routes.js";
import { previewFile } from "../state/target.js";
import { useResource } from "../state/use-resource.js";
import { Card } from "./card.js";
import { Icon } from "./icon.js";
import { Lazy } from "./lazy.js";
import { ProblemBox } from "./problem-box.js";
import { Skeleton } from "./skeleton.js";

/** A directory's readme, below its files. */
export function Readme({ context, path }: { readonly context: PackageContext; readonly path: string }) {
  const { at, resolved } = context;
  const preview = PREVIEWS.find(({ pattern }) => pattern.test(path)) ?? PREVIEWS.find(({ id }) => id === "text");
  const url = `${packageApi(at)}/m/${resolved.topHash}/entry?path=${encodeURIComponent(path)}`;
  const { data: entry, problem, retry } = useResource<EntryFacts>(url);
  if (preview === undefined) return null;
  const title = (
    <a class="quiet" href={packageHref({ ...at, page: "files", path })}>
      <Icon name="file" /> {path}
    </a>
  );
  return (
    <Card title={title} class="readme">
      {problem === undefined ? null : <ProblemBox problem={problem} retry={retry} />}
      {problem === undefined && entry === undefined ? <Skeleton /> : null}
      {entry === undefined ? null : <Lazy key={path} preview={preview} file={previewFile(context, entry)} />}
    </Card>
  );
}
