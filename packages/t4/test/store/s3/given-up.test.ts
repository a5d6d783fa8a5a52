import type { FaultPlan } from "testkit/s3/fault-plan.js";
import { expect, it } from "vitest";
import type { HttpResponse } from "#t4/store/s3/transport.js";
import { simulatedStore } from "./simulated-store.js";

it("asks three times for a host that has no name, and says what to check", async () => {
  let tries = 0;
  const transport = async (): Promise<never> => {
    tries++;
    throw Object.assign(new Error("getaddrinfo ENOTFOUND nowhere.invalid"), {
      code: "ENOTFOUND",
      syscall: "getaddrinfo",
    });
  };
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  const { store } = await simulatedStore({ store: { transport, clock } });
  await expect(store.get("k")).rejects.toMatchObject({
    code: "ERR_T4_IO",
    hint: expect.stringMatching(/There is no host .*bucket's name bucket, .*endpoint.* Credentials were found/),
  });
  expect(tries).toBe(3);
});

it("says that a clock is wrong where no answer tells what time it is", async () => {
  const text = "<Error><Code>RequestTimeTooSkewed</Code><Message>Too large.</Message></Error>";
  const transport = async (): Promise<HttpResponse> => ({
    status: 403,
    headers: {},
    body: Buffer.from(text),
  });
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  const { store } = await simulatedStore({ store: { transport, clock } });
  await expect(store.get("k")).rejects.toMatchObject({
    code: "ERR_T4_IO",
    hint: expect.stringContaining("Set this machine's clock"),
  });
});

it("does not wait for credentials that nobody waits for any more", { timeout: 20_000 }, async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const credentials = async (): Promise<undefined> => {
    controller.abort(reason);
    return new Promise(() => undefined);
  };
  const { store } = await simulatedStore({ store: { credentials } });
  await expect(store.get("k", { signal: controller.signal })).rejects.toBe(reason);
});

it("tries twice to remove what an upload that failed has left, and says why that failed", async () => {
  const faults: FaultPlan = ({ operation }) => {
    if (operation === "UploadPart") return { kind: "redirect" };
    return operation === "AbortMultipartUpload" ? { kind: "error-before" } : undefined;
  };
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  const { store, server } = await simulatedStore({ faults, store: { clock } });
  const source = { size: 9 << 20, read: async (start: number, end: number) => new Uint8Array(end - start) };
  await expect(store.upload("k", source, { mode: "overwrite" })).rejects.toMatchObject({ code: "ERR_T4_ACCESS" });
  expect(server.log.count("AbortMultipartUpload")).toBe(2);
});

it("leaves nothing of an upload that is broken off while it begins", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const faults: FaultPlan = ({ operation }) => {
    if (operation === "CreateMultipartUpload") controller.abort(reason);
    return undefined;
  };
  const { store, server, simulator } = await simulatedStore({ faults });
  const source = { size: 9 << 20, read: async (start: number, end: number) => new Uint8Array(end - start) };
  const upload = store.upload("k", source, { mode: "overwrite", signal: controller.signal });
  await expect(upload).rejects.toBe(reason);
  expect(simulator.bucket("bucket").uploads.size).toBe(0);
  expect(server.log.count("UploadPart")).toBe(0);
});
