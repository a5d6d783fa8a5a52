import { useEffect, useState } from "preact/hooks";
import type { DirectoryPage, EntryFacts } from "../../server/api.js";
import { Breadcrumbs } from "../components/breadcrumbs.js";
import { Card } from "../components/card.js";
import { DirectoryList } from "../components/directory-list.js";
import { FileFacts } from "../components/file-facts.js";
import { FileView } from "../components/file-view.js";
import { Icon } from "../components/icon.js";
import { hasMembers, MetaTree } from "../components/meta-tree.js";
import { NoFiles } from "../components/no-files.js";
import { ProblemBox } from "../components/problem-box.js";
import { Readme } from "../components/readme.js";
import { Skeleton } from "../components/skeleton.js";
import { TreePanel } from "../components/tree-panel.js";
import { navigate } from "../state/location.js";
import { packageApi, packageHref } from "../state/routes.js";
import { useResource } from "../state/use-resource.js";
import type { PackageContext } from "./package-page.js";

/** The files of a revision: the tree, what was chosen in it, and facts of that. */
export function Files({ context }: { readonly context: PackageContext }) {
  const [isTreeOpen, setTreeOpen] = useState(false);
  const { path } = context.at;
  useEffect(() => setTreeOpen(false), [path]);
  return (
    <div class={isTreeOpen ? "files is-tree-open" : "files"}>
      <button
        type="button"
        class="button tree-toggle"
        aria-expanded={isTreeOpen}
        onClick={() => setTreeOpen(!isTreeOpen)}
      >
        <Icon name="menu" /> Files
      </button>
      <TreePanel key={context.resolved.topHash} context={context} />
      {path === "" || path.endsWith("/") ? (
        <Directory key={path} context={context} />
      ) : (
        <File key={path} context={context} />
      )}
    </div>
  );
}

function Directory({ context }: { readonly context: PackageContext }) {
  const { at } = context;
  const path = at.path.replace(/\/+$/, "");
  return (
    <div class="file-main is-directory">
      <div class="file-bar">
        <Breadcrumbs at={at} />
      </div>
      {context.facts.count === 0 ? (
        <NoFiles context={context} />
      ) : (
        <DirectoryList
          context={context}
          path={path}
          below={({ meta, readme }) => (
            <>
              {hasMembers(meta) ? (
                <Card title={path === "" ? "Metadata of the package" : "Metadata of this directory"}>
                  <div class="card-body">
                    <MetaTree value={meta} />
                  </div>
                </Card>
              ) : null}
              {readme === null ? null : <Readme context={context} path={path === "" ? readme : `${path}/${readme}`} />}
            </>
          )}
        />
      )}
    </div>
  );
}

function File({ context }: { readonly context: PackageContext }) {
  const { at, resolved } = context;
  const url = `${packageApi(at)}/m/${resolved.topHash}/entry?path=${encodeURIComponent(at.path)}`;
  const { data, problem, retry } = useResource<EntryFacts>(url);
  const isAbsent = problem?.code === "ERR_T4_NOT_FOUND";
  const directory = useResource<DirectoryPage>(
    isAbsent ? `${packageApi(at)}/m/${resolved.topHash}/dir?path=${encodeURIComponent(at.path)}&limit=0` : undefined,
  );
  useEffect(() => {
    // An address that was written without the slash of a directory.
    if (directory.data !== undefined) navigate(packageHref({ ...at, path: `${at.path}/` }), { replace: true });
  }, [directory.data]);
  if (problem !== undefined && (!isAbsent || directory.problem !== undefined)) {
    return (
      <div class="file-main">
        <div class="file-bar">
          <Breadcrumbs at={at} />
        </div>
        <ProblemBox problem={problem} retry={retry}>
          <a class="button" href={packageHref({ ...at, path: "" })}>
            All files of this revision
          </a>
        </ProblemBox>
      </div>
    );
  }
  if (data === undefined) {
    return (
      <div class="file-main">
        <Skeleton />
      </div>
    );
  }
  return (
    <>
      <FileView context={context} entry={data} />
      <FileFacts context={context} entry={data} />
    </>
  );
}
