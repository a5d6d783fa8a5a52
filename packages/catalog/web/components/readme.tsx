import { PREVIEWS } from "../../render/previews.js";
import type { PackageContext } from "../pages/package-page.js";
import { encodePath, packageHref } from "../state/routes.js";
import { Card } from "./card.js";
import { Icon } from "./icon.js";
import { Lazy } from "./lazy.js";

/** A directory's readme, below its files. */
export function Readme({ context, path }: { readonly context: PackageContext; readonly path: string }) {
  const { at, resolved } = context;
  const preview = PREVIEWS.find(({ pattern }) => pattern.test(path)) ?? PREVIEWS.find(({ id }) => id === "text");
  const hrefOf = (inside: string): string => packageHref({ ...at, page: "files", path: inside });
  const rawOf = (inside: string): string => resolved.raw + encodePath(inside);
  if (preview === undefined) return null;
  const title = (
    <a class="quiet" href={hrefOf(path)}>
      <Icon name="file" /> {path}
    </a>
  );
  return (
    <Card title={title} class="readme">
      <Lazy key={path} preview={preview} file={{ path, size: 0, raw: rawOf(path), rawOf, hrefOf }} />
    </Card>
  );
}
