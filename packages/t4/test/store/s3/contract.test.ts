import { deviationsOf, PROFILES, type ProfileName } from "testkit/s3/profiles.js";
import { beforeAll, describe, expect, it } from "vitest";
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
    hasConditions: conditionsOf(profile, isVersioned) !== "unsound",
    canRecreate: !(isVersioned && deviationsOf(profile).has("create-after-delete-refused")),
  });

  it("finds out by itself how the server takes conditions, and leaves nothing behind", async () => {
    const store = bucket.another({ prefix: "probed", conditions: undefined });
    const put = store.put("k", Buffer.from("1"), { mode: "create" });
    const wanted = conditionsOf(profile, isVersioned);
    if (wanted === "unsound") await expect(put).rejects.toMatchObject({ code: "ERR_T4_UNSUPPORTED" });
    else expect((await put).written).toBe(true);
    expect((await bucket.another({ prefix: "probed" }).get("k")) !== undefined).toBe(wanted !== "unsound");
    expect(
      bucket.simulator
        .bucket("bucket")
        .objects.keys()
        .filter((key) => key.includes(".state/")),
    ).toEqual([]);
  });
});
