import type { T4Error } from "t4";

/** Credentials that were good once. */
const EXPIRED = new Set(["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"]);

/**
 * The command that helps: when a bucket refused something, signing in again or a look at what is missing; when a library is not
 * there, installing it. `undefined` where no command helps.
 */
export function nextCommand({ code, facts, hint }: T4Error): string | undefined {
  if (code === "ERR_T4_UNSUPPORTED") return /^npm install \S+/.exec(hint ?? "")?.[0];
  const { s3Code, url } = facts;
  if (typeof url !== "string" || !url.startsWith("s3://") || typeof s3Code !== "string") return undefined;
  if (EXPIRED.has(s3Code)) return "aws sso login";
  return code === "ERR_T4_ACCESS" ? `t4 doctor s3://${url.slice("s3://".length).split("/")[0]}` : undefined;
}
