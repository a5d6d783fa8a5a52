/** What signs requests. Never shown, logged or put into an error. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they stop, milliseconds since 1970; absent: not by themselves, as far as is known. */
  readonly expiresAtMs?: number;
}

/**
 * Gives the credentials of the moment, `undefined` for anonymous requests; with `isRefused` the server took the last ones
 * for expired, and fresh ones are asked for.
 */
export type CredentialProvider = (options: { readonly isRefused: boolean }) => Promise<Credentials | undefined>;

const HIDDEN = "(hidden)";

/** A text from a server or a library, without the credentials that it may repeat and without control characters. */
export function withoutSecrets(text: string, credentials: Credentials | undefined): string {
  const secrets = [credentials?.secretAccessKey, credentials?.sessionToken, credentials?.accessKeyId];
  return secrets
    .reduce<string>((rest, secret) => (secret ? rest.replaceAll(secret, HIDDEN) : rest), text)
    .replace(/\p{Cc}+/gu, " ")
    .slice(0, 400);
}
