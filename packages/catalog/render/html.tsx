import { useEffect, useState } from "preact/hooks";
import { Icon } from "../web/components/icon.js";
import { ProblemBox } from "../web/components/problem-box.js";
import { asProblem, type Problem, request } from "../web/state/api-client.js";
import type { PreviewProps } from "./previews.js";

/**
 * A package's own page, in a frame that is nobody: no origin, no cookies, no network, only the files of its own revision; the
 * answer's policy says so as well, wherever it is opened. Its scripts run only when the reader wants them to: no policy of
 * today's browsers closes WebRTC, through which a script could tell a server of its choice that it ran, and what it read.
 */
export function View({ file }: PreviewProps) {
  const [isRunning, setRunning] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    // A frame shows whatever it is answered: what is wrong with the bytes is asked for beside it.
    request(file.raw, { signal }).then(
      async ({ body }) => body?.cancel(),
      (error: unknown) => signal.aborted || setProblem(asProblem(error)),
    );
    return () => controller.abort();
  }, [file.raw]);
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  return (
    <div class="frame-view">
      <p class="frame-bar">
        <Icon name="shield" />
        {isRunning ? (
          <span>Scripts run, shut off from the catalog and from other sites, but for what WebRTC lets through.</span>
        ) : (
          <>
            <span>Shown without its scripts and without the network.</span>
            <button type="button" class="link-button" onClick={() => setRunning(true)}>
              Run scripts
            </button>
          </>
        )}
      </p>
      <iframe
        key={String(isRunning)}
        src={file.raw}
        sandbox={isRunning ? "allow-scripts" : ""}
        referrerpolicy="no-referrer"
        title={file.path}
      />
    </div>
  );
}
