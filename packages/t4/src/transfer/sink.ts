import { closeSync, rmSync } from "node:fs";
import { fulfils, requireExpected } from "./expectation.js";
import type { Expected, HashValues, Read, Source } from "./file-job.js";
import { leavePart, type PartFile } from "./part-file.js";

/** Gets the bytes of a source while it is read. */
export interface Sink {
  /**
   * The file that gets the bytes, asked once, when they are about to be written; `undefined`: they need not be.
   *
   * `values` are the hashes, of sources that are small enough to be hashed before they are written.
   */
  open(size: number, values?: HashValues): number | undefined;
  /** Takes what was read and written as whole. */
  end(read: Read): void;
  /** Leaves nothing of a source that was not read to its end, or was not the right one; `isToGoOn`: but the beginning of a part. */
  drop(isToGoOn?: boolean): void;
}

/** A sink for sources that can be read from anywhere on. */
export interface PartSink extends Sink {
  /** As `open`, for a large source: the file may have the beginning already. */
  openPart(): Pick<PartFile, "file" | "length">;
  /** Whether what was read is what is wanted, as far as that is known. */
  isRight(read: Read): boolean;
}

/** A file that is written beside its place. */
export interface Temporary {
  readonly file: number;
  readonly path: string;
}

/** How a file gets into its place. */
export interface Placing {
  /** What the bytes come from, and must be, when that is known. */
  readonly job: { readonly source: Source; readonly expected?: Expected };
  /** Makes an empty file beside the place. */
  readonly create: () => Temporary;
  /** Makes or finds a file beside the place that may have the beginning already. Default: an empty one, which is not left. */
  readonly createPart?: () => PartFile;
  /** Whether the place has these bytes already. */
  readonly hasAlready: (content: Pick<Read, "size" | "values">) => boolean;
  /** Takes the file once it is written and verified. */
  readonly handOn: (temporary: string, read: Read) => void;
}

/** A sink that writes beside the place and verifies; then the file is handed on when it is the right one, else removed. */
export function temporarySink({ job, create, createPart, hasAlready, handOn }: Placing): PartSink {
  const { source, expected } = job;
  let file: number | undefined;
  let path: string | undefined;
  let isKnownAbsent = false;
  let isPart = false;
  const drop = (isToGoOn = false): void => {
    if (file !== undefined && path !== undefined && isPart && isToGoOn) leavePart({ file, path });
    else {
      if (file !== undefined) closeSync(file);
      if (path !== undefined) rmSync(path, { force: true });
    }
    file = path = undefined;
  };
  return {
    open(size, values) {
      // Small bytes that are there already, or are not the right ones, are not written at all.
      if (values !== undefined && expected !== undefined) requireExpected({ size, values }, expected, source);
      if (values !== undefined && hasAlready({ size, values })) return undefined;
      isKnownAbsent = values !== undefined;
      ({ file, path } = create());
      return file;
    },
    openPart() {
      isPart = createPart !== undefined;
      const opened = createPart?.() ?? { ...create(), length: 0 };
      ({ file, path } = opened);
      return opened;
    },
    isRight: (read) => expected === undefined || fulfils(read, expected),
    end(read) {
      if (expected !== undefined) requireExpected(read, expected, source);
      if (path === undefined) return;
      if (isKnownAbsent || !hasAlready(read)) {
        handOn(path, read);
        path = undefined;
      }
      drop();
    },
    drop,
  };
}
