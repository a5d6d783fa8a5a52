import { type Clock, systemClock } from "../base/clock.js";
import { T4Error } from "../base/errors.js";
import { untilAborted } from "../base/until-aborted.js";

/** What signs requests. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they stop, milliseconds since 1970; absent: not by themselves, as far as is known. */
  readonly expiresAtMs?: number;
}

/** Options of {@link awsCredentials}. */
export interface AwsCredentialOptions {
  /** Goes before `AWS_PROFILE`. */
  readonly profile?: string | undefined;
  /** The region of the service that gives temporary credentials, where the profile names none. */
  readonly region?: string | undefined;
  /** How long a program or service may take to give them, milliseconds. Default 120,000. */
  readonly limitMs?: number;
  readonly clock?: Clock;
}

/** So long nothing is asked again after nothing was found, milliseconds: somebody may sign in while a program runs. */
const ABSENT_MS = 60_000;
/** Somebody may have to find a key or a telephone. */
const LIMIT_MS = 120_000;
/** What AWS's chain says when it is through; every other error is of a source that is set up and does not work. */
const NOTHING_FOUND = "Could not load credentials from any providers";
type AwsIdentity = Awaited<ReturnType<Awaited<ReturnType<typeof loadChain>>>>;
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * The credentials that AWS's own tools would find: environment, profiles with roles, single sign-on, `credential_process`,
 * web identity, container and instance roles. They are kept until shortly before they expire; with `isRefused` fresh ones
 * are got. `undefined`: none are set up; that is looked at again after a minute.
 *
 * AWS's own code finds them, loaded at the first call unless the environment has them.
 */
export function awsCredentials(
  options: AwsCredentialOptions = {},
): (call: { readonly isRefused: boolean }) => Promise<AwsCredentials | undefined> {
  const { profile, region, limitMs = LIMIT_MS, clock = systemClock } = options;
  let chain: ReturnType<typeof loadChain> | undefined;
  let askedAgainAt = Number.NEGATIVE_INFINITY;
  return async ({ isRefused }) => {
    const own = profile === undefined ? fromEnvironment() : undefined;
    if (own !== undefined) return own;
    if (clock.now() < askedAgainAt) return undefined;
    chain ??= loadChain({ profile, region });
    try {
      const asked = (await chain)({ forceRefresh: isRefused });
      return plain(await untilAborted(asked, AbortSignal.timeout(limitMs)));
    } catch (error) {
      const isNothing = error instanceof Error && error.message === NOTHING_FOUND;
      const named = profile ?? process.env["AWS_PROFILE"];
      // Of a profile that somebody named, nothing is not an answer.
      if (!isNothing || named !== undefined) throw unusable(error, named);
      askedAgainAt = clock.now() + ABSENT_MS;
      return undefined;
    }
  };
}

/** Credentials as AWS's code gives them, without what is its own. */
function plain({ accessKeyId, secretAccessKey, sessionToken, expiration }: AwsIdentity): AwsCredentials {
  const keys = { accessKeyId, secretAccessKey };
  return {
    ...keys,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(expiration !== undefined && { expiresAtMs: expiration.getTime() }),
  };
}

/** Keys in the environment, which come first where no profile is named: they need none of AWS's code. */
function fromEnvironment(): AwsCredentials | undefined {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  const expiresAtMs = Date.parse(process.env["AWS_CREDENTIAL_EXPIRATION"] ?? "");
  if (AWS_PROFILE || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    ...(!Number.isNaN(expiresAtMs) && { expiresAtMs }),
  };
}

async function loadChain({ profile, region }: AwsCredentialOptions) {
  // T4 says itself which Node it needs; this would stand in front of every command's output.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
  return defaultProvider({
    logger: quiet,
    // Files are read when they are needed: somebody may sign in meanwhile.
    ignoreCache: true,
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { clientConfig: { region } }),
  });
}

function unusable(error: unknown, profile: string | undefined): T4Error {
  const said = error instanceof Error ? error.message : "";
  // A program's command line and output may hold what it was to keep.
  const isLate = error instanceof Error && error.name === "TimeoutError";
  const isProgram = said.startsWith("Command failed") || said.includes("credential_process");
  const why = isLate ? "nothing came in time" : isProgram ? "credential_process failed" : said;
  const source = profile === undefined ? "" : ` of the profile ${profile}`;
  return new T4Error("ERR_T4_ACCESS", `The AWS credentials${source} cannot be got: ${why.split("\n", 1)[0]}.`, {
    hint: "Sign in again (aws sso login), or mend the profile; aws sts get-caller-identity tries the same.",
    facts: { profile: profile ?? null },
  });
}
