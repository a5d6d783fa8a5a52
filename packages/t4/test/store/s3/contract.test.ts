import { deviationsOf, PROFILES, type ProfileName } from "testkit/s3/profiles.js";
import { beforeAll, describe } from "vitest";
import { storeContract } from "../contract.js";
import { conditionsOf, simulatedStore } from "./simulated-store.js";

const BUCKETS = (Object.keys(PROFILES) as ProfileName[]).flatMap((profile) =>
  deviationsOf(profile).has("no-versioning")
    ? [{ profile, kind: "an unversioned", isVersioned: false }]
    : [
        { profile, kind: "an unversioned", isVersioned: false },
        { profile, kind: "a versioned", isVersioned: true },
      ],
);

describe.each(BUCKETS)("a store in $kind bucket of $profile", ({ profile, isVersioned }) => {
  let bucket: Awaited<ReturnType<typeof simulatedStore>>;
  let stores = 0;
  beforeAll(async () => {
    bucket = await simulatedStore({ profile, isVersioned });
  });

  storeContract({
    open: () => bucket.another({ prefix: `store/${++stores}` }),
    isAtomic: conditionsOf(profile, isVersioned) !== "none",
    canRecreate: !(isVersioned && deviationsOf(profile).has("create-after-delete-refused")),
  });
});
