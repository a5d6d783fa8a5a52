import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Comparator, CompareProps } from "../../render/comparators.js";
import type { Preview, PreviewFile } from "../../render/previews.js";
import { Boundary } from "./boundary.js";
import { NOT_LOADED } from "./lazy-part.js";
import { ProblemBox } from "./problem-box.js";
import { Skeleton } from "./skeleton.js";

/** Shows a file with a renderer that is loaded for it. */
export function Lazy({ preview, file }: { readonly preview: Preview; readonly file: PreviewFile }) {
  const { View, isFailed } = useView(preview.load);
  if (isFailed) return <ProblemBox problem={NOT_LOADED} />;
  if (View === undefined) return <Skeleton />;
  return (
    <Boundary of={file.raw}>
      <View file={file} />
    </Boundary>
  );
}

/** Shows two states of a file with a renderer that is loaded for them. */
export function LazyComparison({ comparator, ...sides }: CompareProps & { readonly comparator: Comparator }) {
  const { View, isFailed } = useView(comparator.load);
  if (isFailed) return <ProblemBox problem={NOT_LOADED} />;
  if (View === undefined) return <Skeleton />;
  return (
    <Boundary of={sides.before.raw + sides.after.raw}>
      <View {...sides} />
    </Boundary>
  );
}

function useView<Props>(load: () => Promise<{ readonly View: ComponentType<Props> }>): {
  readonly View: ComponentType<Props> | undefined;
  readonly isFailed: boolean;
} {
  const [View, setView] = useState<ComponentType<Props> | undefined>();
  const [isFailed, setFailed] = useState(false);
  useEffect(() => {
    load().then(
      ({ View: loaded }) => setView(() => loaded),
      () => setFailed(true),
    );
  }, [load]);
  return { View, isFailed };
}
