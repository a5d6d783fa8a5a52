import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { T4Error } from "../base/errors.js";

/** What AWS's own tools would use for S3, each `undefined` when it is not set. */
export interface AwsSettings {
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly addressing: "virtual" | "path" | undefined;
  /** Certificates of authorities to trust, PEM. */
  readonly ca: string | undefined;
}

type Section = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment and a profile of `~/.aws` as the AWS command line does; `profile` goes before `AWS_PROFILE`.
 *
 * Source: the AWS SDKs' reference, "Service-specific endpoints", and the command line's "S3 configuration".
 *
 * @throws {@link T4Error} `ERR_T4_USAGE` when the profile that is asked for is not there.
 */
export async function readAwsSettings(profile?: string): Promise<AwsSettings> {
  const files = await readFiles();
  const name = profile ?? process.env["AWS_PROFILE"] ?? process.env["AWS_DEFAULT_PROFILE"];
  const section = files[name ?? "default"] ?? {};
  if (name !== undefined && files[name] === undefined) throw noProfile(name);
  // A profile that was asked for means its own place, not the one of another account.
  const environment = profile === undefined ? process.env : {};
  return {
    endpoint: endpointIn(environment, section, files),
    region: environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? section["region"],
    addressing: addressingIn(section),
    ca: await readCertificates(process.env["AWS_CA_BUNDLE"] ?? section["ca_bundle"]),
  };
}

function addressingIn(section: Section): AwsSettings["addressing"] {
  const style = section["s3.addressing_style"];
  return style === "virtual" || style === "path" ? style : undefined;
}

type Files = Readonly<Record<string, Section>>;

function endpointIn(environment: Section, section: Section, files: Files): string | undefined {
  const ignored = environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] ?? section["ignore_configured_endpoint_urls"];
  if (ignored === "true") return undefined;
  const services = files[`services.${section["services"]}`] ?? {};
  const endpoints = [
    environment["AWS_ENDPOINT_URL_S3"],
    environment["AWS_ENDPOINT_URL"],
    services["s3.endpoint_url"],
    section["endpoint_url"],
  ];
  return endpoints.find((endpoint) => endpoint !== undefined && endpoint !== "");
}

/** Profiles and service sections of both files, as AWS's own reader has them. */
async function readFiles(): Promise<Files> {
  // AWS's reader takes longer to load than most commands run, and many machines have keys in the environment alone.
  const paths = [["AWS_CONFIG_FILE", "config"] as const, ["AWS_SHARED_CREDENTIALS_FILE", "credentials"] as const];
  if (!paths.some(([variable, name]) => existsSync(process.env[variable] ?? join(homedir(), ".aws", name)))) return {};
  const { loadSharedConfigFiles } = await import("@smithy/core/config");
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  return { ...credentialsFile, ...configFile };
}

async function readCertificates(path: string | undefined): Promise<string | undefined> {
  if (path === undefined || path === "") return undefined;
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new T4Error("ERR_T4_IO", `The certificates in ${path} cannot be read.`, {
      hint: "Mend AWS_CA_BUNDLE, or ca_bundle in the profile.",
      facts: { path },
      cause: error,
    });
  }
}

function noProfile(name: string): T4Error {
  return new T4Error("ERR_T4_USAGE", `There is no AWS profile ${JSON.stringify(name)}.`, {
    hint: "aws configure list-profiles shows those that there are.",
    facts: { profile: name },
  });
}
