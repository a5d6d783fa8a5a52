import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { scriptedFaults } from "testkit/s3/fault-plan.js";
import { createSimulator } from "testkit/s3/simulator.js";
import { afterEach, describe, expect, it } from "vitest";
import { addressOf } from "#t4/store/s3/endpoint.js";
import { type S3StoreOptions, s3Store } from "#t4/store/s3/s3-store.js";
import { simulatedStore } from "./simulated-store.js";

type Transport = S3StoreOptions["transport"];

const noSleep = { now: () => Date.now(), sleep: async () => undefined };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const SECRET = { accessKeyId: "AKIDSECRETKEY0000001", secretAccessKey: "the-secret-itself", sessionToken: "the-token" };

const servers: { close: () => unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that notes what it is asked. */
async function spy(): Promise<{ readonly url: string; readonly seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.url} ${JSON.stringify(incoming.headers)}`);
    outgoing.end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** A store on Amazon's hosts, which `answer` plays. */
function amazonStore(answer: Transport, options: Partial<S3StoreOptions> = {}) {
  return s3Store({
    location: { bucket: "bucket" },
    prefix: "",
    credentials: async () => TEST_ACCOUNT,
    transport: answer,
    probeKey: ".state/probe/",
    conditions: "quoted",
    spoolDirectory: "/nowhere",
    clock: noSleep,
    ...options,
  });
}

describe("credentials", () => {
  it("follow no redirect, whatever host an answer names", async () => {
    const { url, seen } = await spy();
    const faults = scriptedFaults([{ times: 99, fault: { kind: "redirect", location: `${url}/elsewhere` } }]);
    const { store } = await simulatedStore({ faults, store: { clock: noSleep } });
    await expect(store.get("k")).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
    await expect(store.put("k", bytes("x"))).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
    expect(seen).toEqual([]);
  });

  it("go to another region only on Amazon's own hosts", async () => {
    const origins: string[] = [];
    const asked = (region: string) =>
      amazonStore(async (request) => {
        origins.push(request.origin);
        const isThere = origins.length > 1;
        return {
          status: isThere ? 404 : 301,
          headers: { "x-amz-bucket-region": region, location: "https://evil.example/" },
          body: new Uint8Array(0),
        };
      });
    expect(await asked("eu-west-1").get("k")).toBeUndefined();
    expect(origins).toEqual(["https://bucket.s3.us-east-1.amazonaws.com", "https://bucket.s3.eu-west-1.amazonaws.com"]);
    for (const region of ["evil.example/x", "a.b", "x@evil.example", "..", ""]) {
      origins.length = 0;
      await expect(asked(region).get("k")).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
      expect(origins).toEqual(["https://bucket.s3.us-east-1.amazonaws.com"]);
    }
  });

  it("find the region of Amazon's bucket by themselves", async () => {
    const simulators = ["us-east-1", "eu-central-1"].map((region) => {
      const simulator = createSimulator({ region });
      simulator.createBucket("bucket", { region: "eu-central-1" });
      return [`bucket.s3.${region}.amazonaws.com`, simulator] as const;
    });
    const hosts = new Map<string, ReturnType<typeof createSimulator>>(simulators);
    const store = amazonStore(async (request) => {
      const simulator = hosts.get(request.headers["host"] ?? "");
      if (simulator === undefined) throw new Error(`no such host: ${request.headers["host"]}`);
      return simulator.handle(request);
    });
    expect((await store.put("k", bytes("x"), { mode: "create" })).written).toBe(true);
    expect(await store.head("k")).toMatchObject({ size: 1 });
  });

  it("appear in no error, also when the server repeats them", async () => {
    const said = `${SECRET.secretAccessKey} ${SECRET.sessionToken} ${SECRET.accessKeyId} \u001b[31m`;
    const document = `<Error><Code>AccessDenied</Code><Message>${said.replace("\u001b", "")}</Message></Error>`;
    const store = amazonStore(async () => ({ status: 403, headers: {}, body: bytes(document) }), {
      credentials: async () => SECRET,
    });
    const error = (await store.get("k").catch((thrown: unknown) => thrown)) as Error;
    const shown = `${error.message} ${JSON.stringify(error)} ${error.stack}`;
    for (const secret of Object.values(SECRET)) expect(shown).not.toContain(secret);
    expect(error).toMatchObject({ code: "ERR_T4_ACCESS", facts: { status: 403, s3Code: "AccessDenied" } });
  });

  it("of another account, expired, or missing are said as what they are", async () => {
    const wrong = { ...TEST_ACCOUNT, secretAccessKey: "wrong" };
    const { another, server } = await simulatedStore({ store: { clock: noSleep } });
    const refusal = (credentials: S3StoreOptions["credentials"]) => another({ credentials }).get("k");
    await expect(refusal(async () => wrong)).rejects.toMatchObject({ facts: { s3Code: "SignatureDoesNotMatch" } });
    await expect(refusal(async () => ({ ...wrong, accessKeyId: "nobody" }))).rejects.toMatchObject({
      facts: { s3Code: "InvalidAccessKeyId" },
    });
    await expect(refusal(async () => undefined)).rejects.toMatchObject({
      code: "ERR_T4_ACCESS",
      hint: expect.stringContaining("AWS_PROFILE"),
    });
    await expect(another({ location: { bucket: "absent", endpoint: server.url } }).get("k")).rejects.toMatchObject({
      code: "ERR_T4_NOT_FOUND",
    });
  });

  it("that expired are asked for again, once", async () => {
    const fresh = { ...TEST_ACCOUNT, accessKeyId: "FRESH", sessionToken: "fresh" };
    const stale = { ...TEST_ACCOUNT, accessKeyId: "STALE", sessionToken: "stale" };
    const accounts = [fresh, { ...stale, expiresMs: 1 }];
    const asked: boolean[] = [];
    const { store } = await simulatedStore({
      accounts,
      store: {
        credentials: async ({ isRefused }) => {
          asked.push(isRefused);
          return asked.includes(true) ? fresh : stale;
        },
      },
    });
    expect(await store.head("k")).toBeUndefined();
    expect(await store.get("k")).toBeUndefined();
    expect(asked).toEqual([false, true, false]);
  });
});

describe("addresses", () => {
  const address = (location: Parameters<typeof addressOf>[0], region = "eu-west-1") => {
    const { origin, path } = addressOf(location, region);
    return origin + path;
  };

  it("have the bucket before Amazon's host, and in the path elsewhere", () => {
    expect(address({ bucket: "data" })).toBe("https://data.s3.eu-west-1.amazonaws.com");
    expect(address({ bucket: "da.ta" })).toBe("https://s3.eu-west-1.amazonaws.com/da.ta");
    expect(address({ bucket: "Old_Data" })).toBe("https://s3.eu-west-1.amazonaws.com/Old_Data");
    expect(address({ bucket: "data" }, "cn-north-1")).toBe("https://data.s3.cn-north-1.amazonaws.com.cn");
    expect(address({ bucket: "data", addressing: "path" })).toBe("https://s3.eu-west-1.amazonaws.com/data");
    expect(address({ bucket: "data", endpoint: "http://127.0.0.1:9000" })).toBe("http://127.0.0.1:9000/data");
    expect(address({ bucket: "data", endpoint: "http://[::1]:9000/" })).toBe("http://[::1]:9000/data");
    expect(address({ bucket: "data", endpoint: "https://s3.example/base/" })).toBe("https://s3.example/base/data");
    expect(address({ bucket: "data", endpoint: "https://s3.example", addressing: "virtual" })).toBe(
      "https://data.s3.example",
    );
  });

  it.each(["", "a/b", "evil.example#", "x@y", "a b", "a\\b", "..", "-a", "ümlaut"])(
    "refuse the bucket %j",
    (bucket) => {
      expect(() => address({ bucket })).toThrow(/Invalid bucket name/);
    },
  );

  it.each(["ftp://host", "host:9000", "https://user:pass@host", "https://host?x=1", "https://host#f", ""])(
    "refuse the endpoint %j and do not repeat it",
    (endpoint) => {
      expect(() => address({ bucket: "data", endpoint })).toThrow(/endpoint cannot be used/);
      expect(() => address({ bucket: "data", endpoint })).not.toThrow(/pass/);
    },
  );
});
