import { describe, expect, it } from "vitest";
import { EMPTY_SHA256, presignedQuery, signedHeaders } from "#t4/store/s3/sign.js";

// Source: the examples of Amazon's documents on Signature Version 4, "GET Object".
const KEYS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const SCOPE = { now: Date.UTC(2013, 4, 24), region: "us-east-1" };
const request = {
  method: "GET",
  path: "/test.txt",
  query: {},
  headers: { host: "examplebucket.s3.amazonaws.com" },
  payloadHash: EMPTY_SHA256,
};

describe("signatures", () => {
  it("in headers are those of Amazon's example", () => {
    const headers = { ...request.headers, range: "bytes=0-9" };
    expect(signedHeaders({ ...request, headers }, KEYS, SCOPE)["authorization"]).toBe(
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, " +
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, " +
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
  });

  it("in queries are those of Amazon's example", () => {
    const { method, path, query, headers } = request;
    expect(
      presignedQuery({ method, path, query, host: headers.host }, KEYS, { ...SCOPE, expiresInSeconds: 86_400 }),
    ).toBe(
      "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&" +
        "X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&" +
        "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    );
  });
});
