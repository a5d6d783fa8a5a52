import { T4Error } from "../base/errors.js";
import { configPath, readConfigDocument } from "./config-file.js";

/** What `config.yml` says of one bucket under `buckets`, each `undefined` when it is not set. */
export interface BucketSettings {
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly addressing: "virtual" | "path" | undefined;
  /** A profile of `~/.aws`. */
  readonly profile: string | undefined;
  readonly isAnonymous: boolean;
  /** Whether pushes may be made where they cannot exclude each other, and are told when they met. */
  readonly areCollisionsReported: boolean;
}

const NAMES = ["endpoint", "region", "addressing", "profile", "anonymous", "collisions"];

/**
 * Reads the settings of one bucket.
 *
 * @throws {@link T4Error} `ERR_T4_FORMAT` for a name or a value that means nothing.
 */
export async function readBucketSettings(bucket: string): Promise<BucketSettings> {
  const document = await readConfigDocument();
  const found: unknown = document?.toJS({ maxAliasCount: 100 });
  const buckets = isRecord(found) ? found["buckets"] : undefined;
  const settings = isRecord(buckets) && Object.hasOwn(buckets, bucket) ? buckets[bucket] : {};
  if (!isRecord(settings)) throw unreadable(bucket, "expected names with values");
  const unknown = Object.keys(settings).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw unreadable(bucket, `there is no setting ${unknown}; there are ${NAMES.join(", ")}`);
  const text = (name: string): string | undefined => {
    const value = settings[name];
    if (value === undefined || typeof value === "string") return value;
    throw unreadable(bucket, `${name} must be text`);
  };
  const oneOf = <Choice extends string>(name: string, ...choices: readonly Choice[]): Choice | undefined => {
    const value = settings[name];
    const choice = choices.find((each) => each === value);
    if (value === choice) return choice;
    throw unreadable(bucket, `${name} must be ${choices.join(" or ")}`);
  };
  const isAnonymous = settings["anonymous"] ?? false;
  if (typeof isAnonymous !== "boolean") throw unreadable(bucket, "anonymous must be true or false");
  return {
    endpoint: text("endpoint"),
    region: text("region"),
    addressing: oneOf("addressing", "virtual", "path"),
    profile: text("profile"),
    isAnonymous,
    areCollisionsReported: oneOf("collisions", "refused", "reported") === "reported",
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unreadable(bucket: string, why: string): T4Error {
  const path = configPath();
  return new T4Error("ERR_T4_FORMAT", `The settings of the bucket ${bucket} in ${path} cannot be read: ${why}.`, {
    hint: "Mend the file.",
    facts: { path, bucket },
  });
}
