import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../state/api-client.js";
import { Boundary } from "./boundary.js";
import { ProblemBox } from "./problem-box.js";
import { Skeleton } from "./skeleton.js";

/** What is said where a part of the catalog itself cannot be loaded. */
export const NOT_LOADED = new Problem({
  code: "ServerGone",
  message: "The catalog's server does not answer.",
  hint: "Run t4 catalog again, and open the address that it prints.",
});

/** A part of the catalog whose code is loaded when it is first shown. */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function LazyPart(props: Props) {
    const [Part, setPart] = useState<ComponentType<Props> | undefined>(() => loaded);
    const [isFailed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded !== undefined) return;
      load().then(
        (part) => setPart(() => (loaded = part)),
        () => setFailed(true),
      );
    }, []);
    if (isFailed) return <ProblemBox problem={NOT_LOADED} />;
    if (Part === undefined) return <Skeleton lines={8} />;
    return (
      <Boundary of={props}>
        <Part {...props} />
      </Boundary>
    );
  };
}
