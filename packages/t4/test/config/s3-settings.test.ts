import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { awsCredentials } from "#t4/config/aws-credentials.js";
import { configPath } from "#t4/config/config-file.js";
import { readS3Settings } from "#t4/config/s3-settings.js";
import { temporaryDirectory } from "../temporary.js";

const AWS_VARIABLES = Object.keys(process.env).filter((name) => name.startsWith("AWS_"));
const KEYS = { accessKeyId: "AKIDENVIRONMENT00001", secretAccessKey: "secret-of-the-environment" };
const IN_2099 = Date.UTC(2099, 0, 1);
let home: string;
const servers: { close: () => unknown }[] = [];

beforeEach(() => {
  home = temporaryDirectory();
  for (const name of AWS_VARIABLES) vi.stubEnv(name, undefined);
  vi.stubEnv("XDG_DATA_HOME", home);
  vi.stubEnv("AWS_CONFIG_FILE", join(home, "config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(home, "credentials"));
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
});

const profiles = (text: string): void => writeFileSync(join(home, "config"), text);
const settings = (text: string): void => {
  mkdirSync(join(configPath(), ".."), { recursive: true });
  writeFileSync(configPath(), text);
};
const NOTHING = {
  endpoint: undefined,
  region: undefined,
  addressing: undefined,
  ca: undefined,
  areCollisionsReported: false,
};

/** A server on this machine that answers each path with a text; tells who asked for what. */
async function answering(answers: Readonly<Record<string, string>>): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url?.split("?", 1)[0] ?? "";
    seen.push(`${incoming.method} ${path} ${incoming.headers.authorization ?? ""}`);
    incoming.resume();
    outgoing.writeHead(answers[path] === undefined ? 404 : 200).end(answers[path]);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

describe("settings of S3", () => {
  it("are none where nothing is set up", async () => {
    expect(await readS3Settings("b")).toEqual({ ...NOTHING, profile: undefined, isAnonymous: false });
  });

  it("are those of the environment before those of the profile, of S3 before those of all services", async () => {
    profiles(
      "[default]\nregion = eu-west-1\nendpoint_url = http://all\nservices = mine\ns3 =\n  addressing_style = virtual\n" +
        "[services mine]\ns3 =\n  endpoint_url = http://s3\n",
    );
    expect(await readS3Settings("b")).toMatchObject({
      endpoint: "http://s3",
      region: "eu-west-1",
      addressing: "virtual",
    });
    vi.stubEnv("AWS_ENDPOINT_URL", "http://environment");
    vi.stubEnv("AWS_DEFAULT_REGION", "us-west-1");
    expect(await readS3Settings("b")).toMatchObject({ endpoint: "http://environment", region: "us-west-1" });
    vi.stubEnv("AWS_ENDPOINT_URL_S3", "http://environment-s3");
    vi.stubEnv("AWS_REGION", "us-west-2");
    expect(await readS3Settings("b")).toMatchObject({ endpoint: "http://environment-s3", region: "us-west-2" });
    vi.stubEnv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    expect(await readS3Settings("b")).toMatchObject({ endpoint: undefined });
  });

  it("are those of AWS_PROFILE, which must be there", async () => {
    profiles("[profile other]\nregion = ap-south-1\nendpoint_url = http://other\n");
    vi.stubEnv("AWS_PROFILE", "other");
    expect(await readS3Settings("b")).toMatchObject({ region: "ap-south-1", endpoint: "http://other" });
    vi.stubEnv("AWS_PROFILE", "absent");
    await expect(readS3Settings("b")).rejects.toMatchObject({ code: "ERR_T4_USAGE", facts: { profile: "absent" } });
  });

  it("of one bucket take nothing of another place", async () => {
    profiles("[profile lab]\nendpoint_url = http://lab\nregion = lab-1\n");
    settings(
      "buckets:\n  here: { endpoint: 'http://here', addressing: path }\n  lab: { profile: lab }\n  open: { anonymous: true }\n",
    );
    vi.stubEnv("AWS_ENDPOINT_URL", "http://environment");
    vi.stubEnv("AWS_REGION", "us-west-2");
    expect(await readS3Settings("here")).toMatchObject({
      endpoint: "http://here",
      region: undefined,
      addressing: "path",
    });
    expect(await readS3Settings("lab")).toMatchObject({ endpoint: "http://lab", region: "lab-1", profile: "lab" });
    expect(await readS3Settings("open")).toMatchObject({ isAnonymous: true, endpoint: "http://environment" });
    expect(await readS3Settings("constructor")).toMatchObject({ isAnonymous: false });
  });

  it.each([
    "b: { endpont: x }",
    "b: { endpoint: 1 }",
    "b: { addressing: host }",
    "b: { anonymous: maybe }",
    "b: { collisions: ignored }",
    "b: []",
  ])("refuse %s", async (line) => {
    settings(`buckets:\n  ${line}\n`);
    await expect(readS3Settings("b")).rejects.toMatchObject({ code: "ERR_T4_FORMAT", facts: { bucket: "b" } });
    expect(await readS3Settings("other")).toMatchObject({ isAnonymous: false });
  });

  it("name the file of certificates that is not there", async () => {
    vi.stubEnv("AWS_CA_BUNDLE", join(home, "absent.pem"));
    await expect(readS3Settings("b")).rejects.toMatchObject({ facts: { path: join(home, "absent.pem") } });
    writeFileSync(join(home, "absent.pem"), "PEM");
    expect(await readS3Settings("b")).toMatchObject({ ca: "PEM" });
  });
});

/** Signs in with a profile `sso`, as `aws sso login` does, until a time. */
function signIn(expiresAt: string): void {
  profiles(
    "[profile sso]\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = r\nregion = us-east-1\n[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://example.invalid/start\n",
  );
  vi.stubEnv("HOME", home);
  const cache = join(home, ".aws/sso/cache");
  mkdirSync(cache, { recursive: true });
  const name = createHash("sha1").update("s").digest("hex");
  writeFileSync(join(cache, `${name}.json`), JSON.stringify({ accessToken: "the-sign-in", expiresAt }));
}

describe("credentials", () => {
  const found = async (profile?: string) =>
    awsCredentials(profile === undefined ? {} : { profile })({ isRefused: false });

  it("are none where none are set up", async () => {
    expect(await found()).toBeUndefined();
  });

  it("come from the environment", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", KEYS.accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", KEYS.secretAccessKey);
    expect(await found()).toEqual(KEYS);
    vi.stubEnv("AWS_SESSION_TOKEN", "token");
    expect(await found()).toEqual({ ...KEYS, sessionToken: "token" });
    vi.stubEnv("AWS_CREDENTIAL_EXPIRATION", "2099-01-01T00:00:00Z");
    expect(await found()).toEqual({ ...KEYS, sessionToken: "token", expiresAtMs: IN_2099 });
  });

  it("come from a profile and from a program that it names, whose words are not repeated", async () => {
    const script = join(home, "give.cjs");
    const given = { Version: 1, AccessKeyId: "PROCESS", SecretAccessKey: "of-process" };
    writeFileSync(script, `process.stdout.write(${JSON.stringify(JSON.stringify(given))})`);
    const failing = `"${process.execPath}" -e "console.error('leaked-secret');process.exit(1)" leaked-secret`;
    profiles(
      `[profile keys]\naws_access_key_id = PROFILE\naws_secret_access_key = of-profile\n[profile program]\ncredential_process = "${process.execPath}" "${script}"\n[profile broken]\ncredential_process = ${failing}\n`,
    );
    expect(await found("keys")).toEqual({ accessKeyId: "PROFILE", secretAccessKey: "of-profile" });
    expect(await found("program")).toEqual({ accessKeyId: "PROCESS", secretAccessKey: "of-process" });
    const error = (await found("broken").catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: "ERR_T4_ACCESS", facts: { profile: "broken" } });
    expect(`${error.message} ${JSON.stringify(error)} ${error.stack}`).not.toContain("leaked-secret");
  });

  it("do not hang on a program that says nothing", async () => {
    profiles(`[profile mute]\ncredential_process = "${process.execPath}" -e "setTimeout(() => {}, 3000)"\n`);
    const mute = awsCredentials({ profile: "mute", limitMs: 100 })({ isRefused: false });
    await expect(mute).rejects.toMatchObject({
      code: "ERR_T4_ACCESS",
      message: expect.stringContaining("of the profile mute cannot be got: nothing came in time") as string,
    });
  });

  it("that come later are found", async () => {
    let now = 0;
    const find = awsCredentials({ clock: { now: () => now, sleep: async () => undefined } });
    expect(await find({ isRefused: false })).toBeUndefined();
    profiles(`[default]\naws_access_key_id = LATER\naws_secret_access_key = of-later\n`);
    now = 59_000;
    expect(await find({ isRefused: false })).toBeUndefined();
    now = 61_000;
    expect(await find({ isRefused: false })).toEqual({ accessKeyId: "LATER", secretAccessKey: "of-later" });
  });

  it("come from a container's and an instance's role", async () => {
    const role = { AccessKeyId: "ROLE", SecretAccessKey: "of-role", Token: "t", Expiration: "2099-01-01T00:00:00Z" };
    const path = "/latest/meta-data/iam/security-credentials/";
    const answers = {
      "/role": JSON.stringify(role),
      "/latest/api/token": "token",
      [path]: "name",
      [`${path}name`]: JSON.stringify({ Code: "Success", ...role }),
    };
    const { url } = await answering(answers);
    const wanted = { accessKeyId: "ROLE", secretAccessKey: "of-role", sessionToken: "t", expiresAtMs: IN_2099 };
    vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", `${url}/role`);
    expect(await found()).toEqual(wanted);
    vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", undefined);
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", undefined);
    vi.stubEnv("AWS_EC2_METADATA_SERVICE_ENDPOINT", url);
    expect(await found()).toEqual(wanted);
  });

  it("come from a web identity", async () => {
    const credentials =
      "<AccessKeyId>WEB</AccessKeyId><SecretAccessKey>of-web</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>";
    const answer = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>${credentials}</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
    const { url, seen } = await answering({ "/": answer });
    writeFileSync(join(home, "token"), "the-web-token");
    vi.stubEnv("AWS_WEB_IDENTITY_TOKEN_FILE", join(home, "token"));
    vi.stubEnv("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/r");
    vi.stubEnv("AWS_REGION", "us-east-1");
    vi.stubEnv("AWS_ENDPOINT_URL_STS", url);
    const wanted = { accessKeyId: "WEB", secretAccessKey: "of-web", sessionToken: "t", expiresAtMs: IN_2099 };
    expect(await found()).toEqual(wanted);
    expect(seen).toHaveLength(1);
  });

  it("come from a role that another profile may take", async () => {
    const credentials =
      "<AccessKeyId>TAKEN</AccessKeyId><SecretAccessKey>of-taken</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>";
    const answer = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult></AssumeRoleResponse>`;
    const { url, seen } = await answering({ "/": answer });
    profiles(
      "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = of-base\n[profile role]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = base\nregion = us-east-1\n",
    );
    vi.stubEnv("AWS_ENDPOINT_URL_STS", url);
    expect(await found("role")).toMatchObject({ accessKeyId: "TAKEN", secretAccessKey: "of-taken", sessionToken: "t" });
    expect(seen).toEqual([expect.stringContaining("Credential=BASE/")]);
  });

  it("come from a sign-in", async () => {
    const role = { accessKeyId: "SSO", secretAccessKey: "of-sso", sessionToken: "t", expiration: IN_2099 };
    const { url, seen } = await answering({ "/federation/credentials": JSON.stringify({ roleCredentials: role }) });
    signIn("2099-01-01T00:00:00Z");
    vi.stubEnv("AWS_ENDPOINT_URL_SSO", url);
    const { expiration, ...keys } = role;
    expect(await found("sso")).toEqual({ ...keys, expiresAtMs: expiration });
    expect(seen).toEqual([expect.stringContaining("GET /federation/credentials")]);
  });

  it("of a sign-in that is over are an error, not none", async () => {
    signIn("2001-01-01T00:00:00Z");
    await expect(found("sso")).rejects.toMatchObject({
      code: "ERR_T4_ACCESS",
      hint: expect.stringContaining("aws sso login"),
    });
  });
});
