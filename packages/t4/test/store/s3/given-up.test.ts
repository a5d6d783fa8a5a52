import { expect, it } from "vitest";
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
