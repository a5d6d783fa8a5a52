import { createHash } from "node:crypto";
import type { Call } from "./call.js";
import { CHECKSUM_NAMES, type Checksum, type ChecksumName, digestBase64, digestLength } from "./checksum.js";
import { S3Error } from "./s3-error.js";

/** The ETag of bytes that came in one request, in quotes. */
export function etagOf(body: Uint8Array): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}

/** The checksum that a request announces, if any; a list in `x-amz-trailer` counts once its trailer has come. */
export function announcedChecksum({
  headers,
}: Pick<Call, "headers">): { readonly name: ChecksumName; readonly value: string } | undefined {
  const found = CHECKSUM_NAMES.filter((name) => headers[`x-amz-checksum-${name}`] !== undefined);
  if (found.length > 1) {
    throw new S3Error(
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  }
  const name = found[0];
  return name === undefined ? undefined : { name, value: headers[`x-amz-checksum-${name}`] as string };
}

/**
 * Compares a body with what its headers say of it, and returns the checksum to keep.
 *
 * @throws {@link S3Error} `BadDigest`, `InvalidDigest`, `InvalidRequest`, `EntityTooLarge`.
 */
export function checkBody(call: Call): Checksum | undefined {
  const { service, body } = call;
  if (body.length > service.limits.maxPutBytes) {
    throw new S3Error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      elements: { ProposedSize: String(body.length), MaxSizeAllowed: String(service.limits.maxPutBytes) },
    });
  }
  checkMd5(call);
  const announced = announcedChecksum(call);
  if (announced === undefined) {
    if (call.headers["x-amz-sdk-checksum-algorithm"] !== undefined && !service.has("checksums-unchecked")) {
      throw new S3Error(
        "InvalidRequest",
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
      );
    }
    return service.has("no-default-checksum") ? undefined : fullChecksum("crc64nvme", body);
  }
  if (!service.has("checksums-unchecked")) compare(announced, body);
  return service.has("checksums-dropped") ? undefined : { ...announced, type: "FULL_OBJECT" };
}

/** The checksum of a whole object. */
export function fullChecksum(name: ChecksumName, body: Uint8Array): Checksum {
  return { name, value: digestBase64(name, body), type: "FULL_OBJECT" };
}

function checkMd5({ headers, body, service }: Call): void {
  const given = headers["content-md5"];
  if (given === undefined || service.has("md5-unchecked")) return;
  if (Buffer.from(given, "base64").length !== 16) {
    throw new S3Error("InvalidDigest", "The Content-MD5 you specified was invalid.");
  }
  if (createHash("md5").update(body).digest("base64") !== given) {
    throw new S3Error("BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
}

function compare({ name, value }: { readonly name: ChecksumName; readonly value: string }, body: Uint8Array): void {
  if (Buffer.from(value, "base64").length !== digestLength(name)) {
    throw new S3Error("InvalidRequest", `Value for x-amz-checksum-${name} header is invalid.`);
  }
  if (digestBase64(name, body) !== value) {
    throw new S3Error("BadDigest", `The ${name.toUpperCase()} you specified did not match the calculated checksum.`);
  }
}

/** Headers that tell of a checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Readonly<Record<string, string>> {
  if (checksum === undefined) return {};
  return { [`x-amz-checksum-${checksum.name}`]: checksum.value, "x-amz-checksum-type": checksum.type };
}

/** Elements that tell of a checksum in a document. */
export function checksumElements(checksum: Checksum | undefined): Readonly<Record<string, string>> {
  if (checksum === undefined) return {};
  return { [`Checksum${checksum.name.toUpperCase()}`]: checksum.value, ChecksumType: checksum.type };
}
