import type { S3Store } from "../../store/s3/s3-store.js";

/** Whether what a push writes to a bucket stays there as a version. */
export interface KeptVersions {
  /** Asks the bucket, once for the whole push. */
  areKept(): Promise<boolean>;
  /** Says that a write made no version: versions were suspended meanwhile, or the server does not name them. */
  madeNone(): void;
}

/** Asked anew for each push: whoever administers the bucket may have suspended its versions since the last one. */
export function keptVersions(store: Pick<S3Store, "isVersioned">): KeptVersions {
  let known: Promise<boolean> | undefined;
  return {
    areKept: () => (known ??= store.isVersioned()),
    madeNone: () => void (known = Promise.resolve(false)),
  };
}
