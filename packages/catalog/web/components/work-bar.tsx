import type { WorkProgress } from "../../server/table-api.js";
import { ByteCount } from "./byte-count.js";
import { Skeleton } from "./skeleton.js";

/** What is done, how far that is, and how it is ended. */
export interface WorkBarProps {
  readonly label: string;
  /** `undefined`: nothing is known yet. */
  readonly progress: WorkProgress | undefined;
  readonly onCancel?: (() => void) | undefined;
}

/** How far long work is; not seen before 150 ms have passed. */
export function WorkBar({ label, progress, onCancel }: WorkBarProps) {
  const { bytesDone = 0, bytesTotal = 0 } = progress ?? {};
  return (
    <div class="work-bar">
      <progress
        aria-label={label}
        {...(progress === undefined ? {} : { value: bytesDone, max: Math.max(1, bytesTotal) })}
      />
      <span class="muted number">
        <Words progress={progress} />
      </span>
      {onCancel === undefined ? null : (
        <button type="button" class="link-button" onClick={onCancel}>
          Cancel
        </button>
      )}
    </div>
  );
}

/** Stands where a comparison will be, with how far it is as soon as that is known. */
export function Working({ progress }: Pick<WorkBarProps, "progress">) {
  return (
    <>
      {progress === undefined ? null : <WorkBar label="The comparison so far" progress={progress} />}
      <Skeleton lines={10} />
    </>
  );
}

function Words({ progress }: Pick<WorkBarProps, "progress">) {
  if (progress === undefined) return <>running…</>;
  const { isComputing, bytesDone, bytesTotal } = progress;
  if (isComputing) return <>computing, {Math.floor((100 * bytesDone) / Math.max(1, bytesTotal))} %</>;
  return (
    <>
      read <ByteCount count={bytesDone} /> of <ByteCount count={bytesTotal} />
    </>
  );
}
