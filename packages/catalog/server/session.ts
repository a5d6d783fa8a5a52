import { randomBytes, timingSafeEqual } from "node:crypto";

/** Who may use this server: whoever has the address that was printed. */
export interface Session {
  /** The token of the address that is printed, 256 bits. */
  readonly token: string;
  /** What requests carry, 256 bits. */
  readonly secret: string;
  /** Gives the secret for the token, once; `undefined` for any other, and ever after. */
  redeem(token: string): string | undefined;
  /** Whether a request's `Authorization` header opens the door. */
  isOpen(header: string | undefined): boolean;
}

/** Makes the secrets of one run of the server. */
export function createSession(): Session {
  const [token, secret] = [newSecret(), newSecret()];
  let isRedeemed = false;
  return {
    token,
    secret,
    redeem(given) {
      if (isRedeemed || !isEqual(given, token)) return undefined;
      isRedeemed = true;
      return secret;
    },
    isOpen: (header = "") => isEqual(header, `Bearer ${secret}`),
  };
}

/** 256 random bits as text. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Compares without telling by its time how much is right. */
export function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
