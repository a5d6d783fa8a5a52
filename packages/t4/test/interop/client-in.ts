import { enterEnvironment } from "testkit/environment.js";
import { afterAll, beforeAll } from "vitest";
import { type Client, type ClientName, startClient } from "./client.js";
import type { Place } from "./places.js";

/** A real client that works in a place, as we do for as long as the tests around the call run. */
export function clientIn({ env }: Place, name: ClientName): Client {
  const client = startClient(name, env);
  let leave: () => void;
  beforeAll(() => {
    leave = enterEnvironment(env);
  });
  afterAll(async () => {
    leave();
    await client.close();
  });
  return client;
}
