import { expect, it } from "vitest";
import type { Credentials } from "#t4/store/s3/credentials.js";
import { presign } from "#t4/store/s3/presign.js";

const NOW = Date.UTC(2026, 10, 28) + 400;
const KEYS = { accessKeyId: "AKID", secretAccessKey: "the-secret-itself", sessionToken: "the-token" };
const MINUTE = 60_000;

/** What comes of an hour's URL where credentials have so many minutes left, and fresh ones so many. */
async function made(minutes: number | undefined, fresh: number | undefined) {
  const asked: boolean[] = [];
  const lasting = (left: number | undefined): Credentials =>
    left === undefined ? KEYS : { ...KEYS, expiresAtMs: NOW + left * MINUTE };
  const signer = {
    location: { bucket: "data" },
    now: NOW,
    credentials: async ({ isRefused }: { readonly isRefused: boolean }) => {
      asked.push(isRefused);
      return lasting(isRefused ? fresh : minutes);
    },
  };
  const request = { key: "a b/c", query: { versionId: "v/1" }, expiresInSeconds: 3600 };
  const { url = "", expiresAtMs = 0 } = (await presign(signer, { region: "eu-west-1" }, request)) ?? {};
  return { url, seconds: new URL(url).searchParams.get("X-Amz-Expires"), left: (expiresAtMs - NOW) / MINUTE, asked };
}

it("a URL goes to Amazon's host of the region, with version and token, and never with the secret", async () => {
  const { url } = await made(undefined, undefined);
  expect(url).toMatch(/^https:\/\/data\.s3\.eu-west-1\.amazonaws\.com\/a%20b\/c\?/);
  expect(url).toContain("&versionId=v%2F1&");
  expect(url).toContain("X-Amz-Security-Token=the-token");
  expect(url).not.toContain("secret");
});

it("a URL ends with the credentials that signed it, and is signed with fresh ones where these last longer", async () => {
  expect(await made(undefined, undefined)).toMatchObject({ seconds: "3600", asked: [false] });
  expect(await made(90, undefined)).toMatchObject({ seconds: "3600", asked: [false] });
  expect(await made(5, 90)).toMatchObject({ seconds: "3600", asked: [false, true] });
  expect(await made(5, 30)).toMatchObject({ seconds: "1800", left: 30, asked: [false, true] });
});

it("without credentials there is none", async () => {
  const signer = { location: { bucket: "data" }, now: NOW, credentials: async () => undefined };
  expect(await presign(signer, { region: "us-east-1" }, { key: "k", query: {}, expiresInSeconds: 1 })).toBeUndefined();
});
