import type { Bucket } from "./bucket.js";
import type { Call } from "./call.js";
import { lowerBound } from "./key-order.js";
import { S3Error } from "./s3-error.js";

/**
 * Refuses a key that the engine cannot write to.
 *
 * @throws {@link S3Error} `KeyTooLongError`, or `InvalidArgument` from engines that keep objects in folders.
 */
export function checkKey({ service, key, body }: Pick<Call, "service" | "key" | "body">, bucket: Bucket): void {
  const parts = key.split("/");
  const isLong = service.has("long-names-refused") && parts.some((part) => Buffer.byteLength(part) > 255);
  if (Buffer.byteLength(key) > 1024 || isLong) throw new S3Error("KeyTooLongError", "Your key is too long");
  const inner = key.endsWith("/") ? parts.slice(0, -1) : parts;
  if (service.has("path-keys-refused") && inner.some((part) => ["", ".", ".."].includes(part))) {
    throw new S3Error("InvalidArgument", "Object name contains unsupported characters.");
  }
  if (service.has("trailing-slash-refused") && key.endsWith("/") && body.length > 0) {
    throw new S3Error("InvalidArgument", "Directory object contains data payload.");
  }
  if (service.has("folders-hide-keys") && isInTheWay(bucket, parts)) {
    throw new S3Error("InvalidArgument", "Object parent already exists as a file, or the object is a folder.");
  }
}

/** Whether a folder of the key is an object, or the key is the folder of one. */
function isInTheWay({ objects }: Bucket, parts: readonly string[]): boolean {
  const folders = parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("/"));
  const below = `${parts.join("/")}/`;
  const keys = objects.keys();
  return (
    folders.some((folder) => objects.present(folder) !== undefined) ||
    keys[lowerBound(keys, below)]?.startsWith(below) === true
  );
}
