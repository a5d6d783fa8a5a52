import type { PackageState } from "../package-state.js";
import { type SetDirectory, setDirectory } from "../scan/set-directory.js";
import { accessTo, type FileAccess } from "./file-access.js";
import { isInBucket, localSource, pathOf, type Source } from "./local-source.js";

/** What the user named for a file, and what the package may lead to because of that. */
export interface UserSource {
  readonly source: Source;
  readonly access: FileAccess;
}

/** What reaches S3 is large, and loaded when somebody names a bucket. */
const bucketSource = () => import("./bucket-source.js");

/** A local file or an object of a bucket, as it is now. */
export async function userSource(location: string): Promise<UserSource> {
  if (isInBucket(location)) return (await bucketSource()).objectSource(location);
  return { source: localSource(location), access: accessTo() };
}

/** Takes a local directory, or the objects below a prefix of a bucket, into a package as it is when they are known. */
export async function userDirectory(request: SetDirectory): Promise<(state: PackageState) => PackageState> {
  if (isInBucket(request.source)) return (await bucketSource()).setPrefix(request);
  return (state) => setDirectory(state, { ...request, source: pathOf(request.source) });
}
