import { bucketOf, type Call, document } from "../call.js";
import type { HttpResponse } from "../message.js";
import { S3Error } from "../s3-error.js";
import type { XmlContent } from "../xml.js";
import { findVersion } from "./get-object.js";
import { versionHeader } from "./put-object.js";

/** GetObjectAttributes, of which only `ObjectParts` is told; parts are listed of uploads that had checksums. */
export function getObjectAttributes(call: Call): HttpResponse {
  const { service, key, headers, query } = call;
  const bucket = bucketOf(call);
  const version = findVersion(bucket, key, query.get("versionId"));
  if (headers["x-amz-object-attributes"] === undefined)
    throw new S3Error("InvalidArgument", "x-amz-object-attributes is required");
  const answer = (content: Record<string, XmlContent>): HttpResponse =>
    document("GetObjectAttributesResponse", content, { "x-amz-version-id": versionHeader(bucket, version) });
  const { partSizes = [], checksum } = version;
  if (service.has("part-sizes-untold") || checksum?.type !== "COMPOSITE") return answer({});
  const after = Number(headers["x-amz-part-number-marker"] ?? 0);
  const most = Number(headers["x-amz-max-parts"] ?? 1000);
  const listed = partSizes.map((size, i) => ({ PartNumber: String(i + 1), Size: String(size) }));
  const page = listed.slice(after, after + most);
  return answer({
    ObjectParts: {
      IsTruncated: String(after + page.length < listed.length),
      PartsCount: String(listed.length),
      Part: page,
    },
  });
}
