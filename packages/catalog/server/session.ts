import { randomBytes, timingSafeEqual } from "node:crypto";

/** Who may use this server: whoever opened the address that was printed. */
export interface Session {
  /** Opens the session once; later calls with the same token fail. */
  redeem(token: string): boolean;
  /** Name of the cookie; it holds the port, because cookies do not tell ports apart. */
  readonly cookieName: string;
  /** Value of the cookie. */
  readonly cookie: string;
  /** Whether a request's `Cookie` header opens the door. */
  isOpen(cookieHeader: string | undefined): boolean;
  /** The token of the address that is printed, 256 bits. */
  readonly token: string;
}

/** Makes the secrets of one run of the server. */
export function createSession(port: number): Session {
  const token = secret();
  const cookie = secret();
  const cookieName = `t4-catalog-${port}`;
  let isRedeemed = false;
  return {
    token,
    cookie,
    cookieName,
    redeem(given) {
      if (isRedeemed || !isEqual(given, token)) return false;
      isRedeemed = true;
      return true;
    },
    isOpen(header = "") {
      return header.split("; ").some((pair) => isEqual(pair, `${cookieName}=${cookie}`));
    },
  };
}

/** 256 random bits as text. */
export function secret(): string {
  return randomBytes(32).toString("base64url");
}

/** Compares without telling by its time how much is right. */
export function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
