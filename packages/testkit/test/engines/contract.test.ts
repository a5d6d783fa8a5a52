import { type Subject, verifyFact } from "testkit/contract/fact.js";
import { FACTS } from "testkit/contract/facts.js";
import { openSubject } from "testkit/contract/subject.js";
import { ENGINE_ACCOUNT, engines } from "testkit/engines.js";
import { deviationsOf } from "testkit/s3/profiles.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe.each(engines("ceph", "minio", "versitygw", "moto"))("$name", ({ profile, url }) => {
  let subject: Subject & { readonly close: () => void };
  beforeAll(async () => {
    subject = await openSubject({
      endpoint: url,
      account: ENGINE_ACCOUNT,
      raceRounds: 20,
      minPartBytes: 5 * 1024 * 1024,
    });
  });
  afterAll(() => subject.close());

  const deviations = deviationsOf(profile);
  it.each(FACTS)("$says", async (fact) => {
    await expect(verifyFact(fact, subject, deviations)).resolves.toBeUndefined();
  });
});
