import { useEffect } from "preact/hooks";
import type { Located } from "../../server/api.js";
import { ProblemBox } from "../components/problem-box.js";
import { Skeleton } from "../components/skeleton.js";
import { visible } from "../format.js";
import { navigate } from "../state/location.js";
import { useResource } from "../state/use-resource.js";
import { useTitle } from "../state/use-title.js";

/** Goes where a link of another catalog, or a Quilt URI, leads. */
export function Locate({ text }: { readonly text: string }) {
  useTitle("Link");
  const { data, problem, retry } = useResource<Located>(`/api/v1/locate?q=${encodeURIComponent(text)}`);
  useEffect(() => {
    if (data !== undefined) navigate(data.href, { replace: true });
  }, [data]);
  return (
    <main id="main" class="page narrow">
      <h1>A link</h1>
      <p class="lead mono">{visible(text)}</p>
      {problem === undefined ? <Skeleton lines={2} /> : null}
      {problem === undefined ? null : (
        <ProblemBox problem={problem} retry={retry}>
          <a class="button" href="/">
            All registries
          </a>
        </ProblemBox>
      )}
    </main>
  );
}
