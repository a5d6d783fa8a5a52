import type { S3Store, StoreExamination } from "../../store/s3/s3-store.js";
import type { RegistryCheck } from "./registry-check.js";

/** Servers refuse what was signed so far from their time. */
const REFUSED_SKEW_MS = 15 * 60_000;
/** Below this a difference shows nowhere. */
const NOTABLE_SKEW_MS = 5000;

/** Finds out what a registry in a bucket can do; see `S3Store.examine` for the cost. */
export async function inspectBucket(store: S3Store): Promise<readonly RegistryCheck[]> {
  const found = await store.examine();
  const reading = { subject: "reading", state: "ok", message: "The bucket can be listed and read." } as const;
  return [account(found), reading, ...writing(found), versions(found), ...checksums(found), clock(found)];
}

function account({ host, keyEnd }: StoreExamination): RegistryCheck {
  const subject = "account";
  if (keyEnd !== undefined)
    return { subject, state: "ok", message: `Asks ${host}, signed with the access key that ends in ${keyEnd}.` };
  const message = `Asks ${host} without credentials: what everybody may read can be read. AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, set some.`;
  return { subject, state: "limited", message };
}

function writing({ writing: found, collisions }: StoreExamination): readonly RegistryCheck[] {
  if (found === undefined) {
    const message = "These credentials may not write here: packages can be installed, not pushed.";
    return [{ subject: "writing", state: "limited", message }];
  }
  const isSound = found.conditions !== "unsound";
  const isReported = !isSound && collisions === "reported";
  const message = isSound
    ? "Conditional writes hold, also in a race: of two pushes at the same time the second is told."
    : isReported
      ? "Conditional writes do not hold: this store can't serialise pushes; T4 will tell you of every collision (collisions: reported)."
      : "Conditional writes do not hold: two pushes at the same time would not notice each other. T4 reads here and refuses to push; take a bucket without versions on Ceph, another server, or a folder.";
  return [
    { subject: "writing", state: "ok", message: "These credentials may write here." },
    { subject: "publishing", state: isSound ? "ok" : isReported ? "limited" : "bad", message },
  ];
}

const VERSIONS = {
  on: [
    "ok",
    "Versions are on: files lie under their own names, and no later write or deletion takes old revisions away.",
  ],
  suspended: [
    "limited",
    "Versions are suspended: new files lie under names made of their content, and what somebody deletes is gone.",
  ],
  off: [
    "limited",
    "Versions are off: files lie under names made of their content, and what somebody deletes is gone. Turning versions on protects them.",
  ],
  unknown: [
    "limited",
    "Whether versions are on may not be asked (s3:GetBucketVersioning): each push finds it out by writing a small object.",
  ],
} as const satisfies Readonly<Record<StoreExamination["versioning"], readonly [RegistryCheck["state"], string]>>;

function versions({ versioning }: StoreExamination): RegistryCheck {
  const [state, message] = VERSIONS[versioning];
  return { subject: "versions", state, message };
}

function checksums({ writing: found }: StoreExamination): readonly RegistryCheck[] {
  if (found === undefined) return [];
  const { comparesChecksums, keepsChecksums } = found;
  const subject = "checksums";
  if (comparesChecksums && keepsChecksums) {
    const message =
      "The server compares checksums and keeps them: what was damaged on the way is refused, and copies inside the server are proved.";
    return [{ subject, state: "ok", message }];
  }
  const compared = comparesChecksums
    ? "compares checksums on arrival, but does not keep them"
    : "does not compare the checksums that T4 sends, beyond that of the signature";
  const message = `The server ${compared}: files that are copied or registered from buckets are read once for their hash. Installs are verified as everywhere.`;
  return [{ subject, state: "limited", message }];
}

function clock({ skewMs }: StoreExamination): RegistryCheck {
  const subject = "clock";
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (seconds * 1000 < NOTABLE_SKEW_MS)
    return { subject, state: "ok", message: "This machine and the server agree on the time." };
  const where = `This machine's clock is ${seconds} s ${skewMs > 0 ? "behind" : "ahead of"} the server's`;
  if (Math.abs(skewMs) < REFUSED_SKEW_MS)
    return { subject, state: "ok", message: `${where}; revisions get the server's time.` };
  const message = `${where}: T4 signs with the server's time, other tools are refused. Set the clock.`;
  return { subject, state: "limited", message };
}
