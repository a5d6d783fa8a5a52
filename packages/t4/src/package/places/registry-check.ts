/** What was found out of one side of a registry. */
export interface RegistryCheck {
  /** What was looked at. */
  readonly subject: "account" | "reading" | "writing" | "publishing" | "versions" | "checksums" | "clock";
  /** `limited`: works, with the restriction that the message tells; `bad`: something that T4 needs does not work. */
  readonly state: "ok" | "limited" | "bad";
  /** What was found and what follows from it, in a sentence or two. */
  readonly message: string;
}
