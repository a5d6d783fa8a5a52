import { useState } from "preact/hooks";
import { ProblemBox } from "../web/components/problem-box.js";
import type { PreviewProps } from "./previews.js";
import { useBroken } from "./use-broken.js";

const AUDIO = /\.(?:mp3|m4a|aac|ogg|oga|opus|flac|wav)$/i;

/** Film and sound with the browser's own player, which reads what it plays. */
export function View({ file }: PreviewProps) {
  const [facts, setFacts] = useState("");
  const { problem, onError } = useBroken(file, {
    message: "The browser cannot play this.",
    hint: "It may be of a kind that this browser does not know: download it.",
  });
  if (problem !== undefined) return <ProblemBox problem={problem} />;
  const onLoaded = (event: Event): void => {
    const { duration, videoWidth = 0, videoHeight = 0 } = event.target as HTMLVideoElement;
    const size = videoWidth === 0 ? "" : `${videoWidth} × ${videoHeight} pixels · `;
    setFacts(`${size}${lengthOf(duration)}`);
  };
  const props = {
    class: "player",
    src: file.raw,
    controls: true,
    preload: "metadata" as const,
    "aria-label": file.path,
    onLoadedMetadata: onLoaded,
    onError,
  };
  return (
    <div class="media-view">
      <div class="stage">{AUDIO.test(file.path) ? <audio {...props} /> : <video {...props} />}</div>
      <p class="view-foot">
        <span>{facts}</span>
      </p>
    </div>
  );
}

function lengthOf(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const parts = hours > 0 ? [hours, String(minutes).padStart(2, "0")] : [minutes];
  return [...parts, String(whole % 60).padStart(2, "0")].join(":");
}
