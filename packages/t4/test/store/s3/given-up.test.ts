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
