import { visible } from "../format.js";
import { type PackageRoute, packageHref } from "../state/routes.js";

/** Where a path is, each directory above it a link. */
export function Breadcrumbs({ at }: { readonly at: PackageRoute }) {
  const parts = at.path.split("/").filter((part) => part !== "");
  const root = visible(at.name.split("/")[1] ?? "");
  const href = (count: number): string => {
    const path = parts.slice(0, count).join("/");
    return packageHref({ ...at, page: "files", path: path === "" ? "" : `${path}/` });
  };
  return (
    <ol class="breadcrumbs">
      <li>{parts.length === 0 ? <strong>{root}</strong> : <a href={href(0)}>{root}</a>}</li>
      {parts.map((part, i) => (
        <li key={i}>
          {i === parts.length - 1 ? (
            <strong aria-current="page">{visible(part)}</strong>
          ) : (
            <a href={href(i + 1)}>{visible(part)}</a>
          )}
        </li>
      ))}
    </ol>
  );
}
