import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Preview, PreviewFile, PreviewProps } from "../../render/previews.js";
import { Problem } from "../state/api-client.js";
import { ProblemBox } from "./problem-box.js";
import { Skeleton } from "./skeleton.js";

/** Shows a file with a renderer that is loaded for it. */
export function Lazy({ preview, file }: { readonly preview: Preview; readonly file: PreviewFile }) {
  const [View, setView] = useState<ComponentType<PreviewProps> | undefined>();
  const [isFailed, setFailed] = useState(false);
  useEffect(() => {
    preview.load().then(
      ({ View: loaded }) => setView(() => loaded),
      () => setFailed(true),
    );
  }, [preview]);
  if (isFailed) {
    const hint = "Run t4 catalog again, and open the address that it prints.";
    return (
      <ProblemBox
        problem={new Problem({ code: "ServerGone", message: "The catalog's server does not answer.", hint })}
      />
    );
  }
  return View === undefined ? <Skeleton /> : <View file={file} />;
}
