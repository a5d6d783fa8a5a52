import { describe, expect, it } from "vitest";
import { EMPTY_SHA256, signedHeaders } from "#t4/store/s3/sign.js";

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
});
