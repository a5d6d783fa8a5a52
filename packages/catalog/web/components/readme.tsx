import { PREVIEWS } from "../../render/previews.js";
import type { PackageContext } from "../pages/package-page.js";
import { previewFile } from "../state/target.js";
import { Card } from "./card.js";
import { Icon } from "./icon.js";
import { Lazy } from "./lazy.js";

/** A directory's readme, below its files. */
export function Readme({ context, path }: { readonly context: PackageContext; readonly path: string }) {
  const preview = PREVIEWS.find(({ pattern }) => pattern.test(path)) ?? PREVIEWS.find(({ id }) => id === "text");
  const file = previewFile(context, { path, size: null });
  if (preview === undefined) return null;
  const title = (
    <a class="quiet" href={file.hrefOf(path)}>
      <Icon name="file" /> {path}
    </a>
  );
  return (
    <Card title={title} class="readme">
      <Lazy key={path} preview={preview} file={file} />
    </Card>
  );
}
