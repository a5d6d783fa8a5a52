/** Who may sign requests. */
export interface Account {
  /** Account id, 12 digits on Amazon S3; owns the buckets it makes and is named in policies. */
  readonly id: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Temporary credentials: requests must carry this token. */
  readonly sessionToken?: string;
  /** Milliseconds since 1970 after which the token is refused. */
  readonly expiresMs?: number;
}

/** The account that simulators have unless told otherwise. */
export const TEST_ACCOUNT: Account = {
  id: "111122223333",
  accessKeyId: "AKIDT4TESTACCOUNT001",
  secretAccessKey: "t4-test-secret-of-account-number-one-001",
};
