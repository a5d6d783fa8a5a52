import { fileUrl, formatPhysicalKey } from "../format/physical-key.js";
import { OBJECTS } from "../format/registry-layout.js";
import type { Store } from "../store/store.js";

/**
 * Tells of physical keys whether their bytes are in a registry and stay what they are, whoever writes there: as one of T4's objects, or
 * as a version. What has any other name may be another file by now, of the same size.
 */
export function lastingPlaces(store: Pick<Store, "inBucket" | "localPath" | "url">): (url: string) => boolean {
  const objects = objectsUrl(store);
  const bucket = store.inBucket && `s3://${store.inBucket.bucket}/`;
  return (url) => url.startsWith(objects) || (bucket !== undefined && url.startsWith(bucket) && VERSION.test(url));
}

/** A bucket whose versions are suspended calls `null` what the next write replaces. */
const VERSION = /\?versionId=(?!null$)./;
/** A name that stands for any. */
const ANY = "_";

/** What the URLs of T4's objects begin with. */
function objectsUrl({ inBucket, localPath, url }: Pick<Store, "inBucket" | "localPath" | "url">): string {
  const key = OBJECTS + ANY;
  if (inBucket !== undefined)
    return formatPhysicalKey({ kind: "s3", bucket: inBucket.bucket, key: inBucket.keyOf(key) }).slice(0, -ANY.length);
  return localPath === undefined ? `${url}/${OBJECTS}` : fileUrl(localPath(key)).slice(0, -ANY.length);
}
