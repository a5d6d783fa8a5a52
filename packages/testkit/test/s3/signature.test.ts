import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { decodeChunks } from "testkit/s3/chunked-body.js";
import { createClient, httpExchange } from "testkit/s3/client.js";
import { canonicalRequest, sha256Hex, signText, stringToSign } from "testkit/s3/signature.js";
import { createSimulator } from "testkit/s3/simulator.js";
import { describe, expect, it } from "vitest";
import { loopback, text } from "./loopback.js";

const NOON = Date.UTC(2026, 10, 25, 12);

/** A simulator without a network, at noon, and a client whose clock may be wrong. */
function atNoon(clientMs = NOON, account = TEST_ACCOUNT, secret = account.secretAccessKey) {
  const simulator = createSimulator({ now: () => NOON, accounts: [account] });
  simulator.createBucket("b");
  const client = createClient({
    host: "s3.us-east-1.amazonaws.com",
    exchange: async (request) => simulator.handle(request),
    account: { ...account, secretAccessKey: secret },
    now: () => clientMs,
  });
  return { simulator, client };
}

describe("signatures", () => {
  it("are the ones of Amazon's published example", () => {
    const scope = { time: "20130524T000000Z", region: "us-east-1" };
    const canonical = canonicalRequest({
      method: "GET",
      url: "/test.txt",
      headers: {
        host: "examplebucket.s3.amazonaws.com",
        range: "bytes=0-9",
        "x-amz-content-sha256": sha256Hex(""),
        "x-amz-date": scope.time,
      },
      signedHeaders: ["host", "range", "x-amz-content-sha256", "x-amz-date"],
      payloadHash: sha256Hex(""),
    });
    expect(signText(stringToSign(canonical, scope), "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope)).toBe(
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
  });

  it("of chunks are the ones of Amazon's published example, and a changed chunk breaks the chain", () => {
    const scope = { time: "20130524T000000Z", region: "us-east-1" };
    const seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    const signer = { scope, seed, secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
    const chunks = [
      ["10000", "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648", "a".repeat(65_536)],
      ["400", "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497", "a".repeat(1024)],
      ["0", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9", ""],
    ];
    const sent = chunks
      .map(([size, signature, data]) => `${size};chunk-signature=${signature}\r\n${data}\r\n`)
      .join("");
    const headers = { "x-amz-decoded-content-length": "66560" };
    const decode = (body: string) =>
      decodeChunks({ method: "PUT", url: "/b/k", headers, body: Buffer.from(body) }, signer);
    expect(decode(sent).body).toHaveLength(66_560);
    expect(() => decode(sent.replace("aaaa", "aaba"))).toThrow(/signature/);
    expect(() => decode(sent.slice(0, -200))).toThrow(/number of bytes/);
  });

  it("count: a right one passes, a wrong secret does not", async () => {
    const put = { method: "PUT", bucket: "b", key: "k", body: "x" };
    expect((await atNoon().client.send(put)).status).toBe(200);
    const refused = await atNoon(NOON, TEST_ACCOUNT, "wrong").client.send(put);
    expect(refused.status).toBe(403);
    expect(text(refused)).toMatch(/<Code>SignatureDoesNotMatch<\/Code>.*<StringToSign>.*<RequestId>.*<HostId>/s);
  });

  it.each([
    ["a changed path", (url: string) => url.replace("/k", "/other")],
    ["an added parameter", (url: string) => `${url}?versionId=x`],
  ])("do not cover %s", async (_, change) => {
    const { simulator, client } = atNoon();
    const signed = client.sign({ method: "GET", bucket: "b", key: "k" });
    expect(text(simulator.handle({ ...signed, url: change(signed.url) }))).toContain("SignatureDoesNotMatch");
  });

  it("name the payload: another body is refused", () => {
    const { simulator, client } = atNoon();
    const signed = client.sign({ method: "PUT", bucket: "b", key: "k", body: "one" });
    const other = simulator.handle({ ...signed, body: Buffer.from("two") });
    expect(text(other)).toContain("XAmzContentSHA256Mismatch");
    const headers = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
    const unsigned = client.sign({ method: "PUT", bucket: "b", key: "k", body: "one", headers });
    expect(simulator.handle({ ...unsigned, body: Buffer.from("two") }).status).toBe(200);
  });

  it("cover every x-amz- header", () => {
    const { simulator, client } = atNoon();
    const signed = client.sign({ method: "PUT", bucket: "b", key: "k", body: "one" });
    const headers = { ...signed.headers, "x-amz-meta-added": "x" };
    expect(text(simulator.handle({ ...signed, headers }))).toContain("HeadersNotSigned");
  });

  it.each([
    [14, 200],
    [-14, 200],
    [16, 403],
    [-16, 403],
  ])("with a clock %i minutes off are answered %i", async (minutes, status) => {
    const { client } = atNoon(NOON + minutes * 60_000);
    const response = await client.send({ method: "PUT", bucket: "b", key: "k", body: "x" });
    expect(response.status).toBe(status);
    if (status === 403) expect(text(response)).toContain("RequestTimeTooSkewed");
  });

  it("of temporary credentials need their token, until it ends", async () => {
    const account = { ...TEST_ACCOUNT, sessionToken: "token" };
    const get = { method: "HEAD", bucket: "b" };
    expect((await atNoon(NOON, account).client.send(get)).status).toBe(200);
    expect((await atNoon(NOON, { ...account, expiresMs: NOON - 1 }).client.send(get)).status).toBe(400);
    const { simulator } = atNoon(NOON, account);
    const other = createClient({
      host: "s3.amazonaws.com",
      exchange: async (request) => simulator.handle(request),
      account: { ...account, sessionToken: "other" },
      now: () => NOON,
    });
    expect(text(await other.send({ method: "GET", bucket: "b", query: { location: "" } }))).toContain("InvalidToken");
  });

  it("for another region are refused with the right one", async () => {
    const { simulator } = atNoon();
    const client = createClient({
      host: "s3.eu-west-1.amazonaws.com",
      exchange: async (request) => simulator.handle(request),
      account: TEST_ACCOUNT,
      region: "eu-west-1",
      now: () => NOON,
    });
    const response = await client.send({ method: "GET", bucket: "b", query: { "list-type": "2" } });
    expect(text(response)).toMatch(/AuthorizationHeaderMalformed.*<Region>us-east-1</s);
  });

  it("in a URL hold for as long as they say", async () => {
    const { simulator, client } = atNoon();
    await client.send({ method: "PUT", bucket: "b", key: "k", body: "x" });
    const url = client.presign({ method: "GET", bucket: "b", key: "k" }, 60);
    const get = (at: string) =>
      simulator.handle({ method: "GET", url: at, headers: { host: "s3.us-east-1.amazonaws.com" }, body: Buffer.of() });
    expect(text(get(url))).toBe("x");
    expect(text(get(url.replace("Expires=60", "Expires=600")))).toContain("SignatureDoesNotMatch");
    const old = createClient({
      host: "s3.us-east-1.amazonaws.com",
      exchange: httpExchange("http://127.0.0.1:1"),
      account: TEST_ACCOUNT,
      now: () => NOON - 61_000,
    });
    expect(text(get(old.presign({ method: "GET", bucket: "b", key: "k" }, 60)))).toContain("Request has expired");
  });
});

describe("access", () => {
  it("is for the owner, and for whom the bucket's policy names", async () => {
    const other = { id: "444455556666", accessKeyId: "OTHER", secretAccessKey: "other-secret" };
    const { simulator, server, client } = await loopback({ accounts: [TEST_ACCOUNT, other] });
    simulator.createBucket("shared", {
      policy: {
        Statement: [
          { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::shared/public/*" },
          { Effect: "Allow", Principal: { AWS: other.id }, Action: "s3:*", Resource: "arn:aws:s3:::shared*" },
          {
            Effect: "Deny",
            Principal: "*",
            Action: "s3:PutObject",
            Resource: "arn:aws:s3:::shared/latest",
            Condition: { Null: { "s3:if-match": "true", "s3:if-none-match": "true" } },
          },
        ],
      },
    });
    const exchange = httpExchange(server.url);
    const host = `127.0.0.1:${server.port}`;
    const [guest, second] = [undefined, other].map((account) => createClient({ host, exchange, account }));
    const get = (key: string) => ({ method: "GET", bucket: "shared", key });
    const put = (key: string, headers = {}) => ({ method: "PUT", bucket: "shared", key, body: "x", headers });
    expect((await client.send(put("public/1"))).status).toBe(200);
    expect((await guest?.send(get("public/1")))?.status).toBe(200);
    expect((await guest?.send(get("private/1")))?.status).toBe(403);
    // Who may not list is not told that a key is absent.
    expect((await guest?.send(get("public/none")))?.status).toBe(403);
    expect((await second?.send(get("public/none")))?.status).toBe(404);
    expect((await second?.send(put("latest")))?.status).toBe(403);
    expect((await second?.send(put("latest", { "if-none-match": "*" })))?.status).toBe(200);
    expect((await second?.send({ method: "GET", bucket: "b", query: { "list-type": "2" } }))?.status).toBe(403);
    exchange.close();
  });
});
