import { type Subject, verifyFact } from "testkit/contract/fact.js";
import { FACTS } from "testkit/contract/facts.js";
import { openSubject } from "testkit/contract/subject.js";
import { runs } from "testkit/runs.js";
import { TEST_ACCOUNT } from "testkit/s3/account.js";
import { deviationsOf, PROFILES, type ProfileName } from "testkit/s3/profiles.js";
import { type S3Server, serveSimulator } from "testkit/s3/server.js";
import { createSimulator } from "testkit/s3/simulator.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const RACE_ROUNDS = runs({ quick: 1, full: 20 });
const MIN_PART_BYTES = 1024;

describe.each(Object.keys(PROFILES) as ProfileName[])("the simulator as %s", (profile) => {
  let server: S3Server;
  let subject: Subject & { readonly close: () => void };
  beforeAll(async () => {
    server = await serveSimulator(createSimulator({ profile, limits: { minPartBytes: MIN_PART_BYTES } }));
    subject = await openSubject({
      endpoint: server.url,
      account: TEST_ACCOUNT,
      raceRounds: RACE_ROUNDS,
      minPartBytes: MIN_PART_BYTES,
    });
  });
  afterAll(async () => {
    subject.close();
    await server.close();
  });

  const deviations = deviationsOf(profile);
  it.each(FACTS)("$says", async (fact) => {
    await expect(verifyFact(fact, subject, deviations)).resolves.toBeUndefined();
  });
});
