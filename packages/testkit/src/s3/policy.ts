import { S3Error } from "./s3-error.js";

type OneOrMore = string | readonly string[];

/** One statement of a bucket policy, in the part of the language that tests need. */
export interface PolicyStatement {
  readonly Effect: "Allow" | "Deny";
  /** `*`, or accounts by id or ARN. */
  readonly Principal: "*" | { readonly AWS: OneOrMore };
  /** `s3:GetObject`, …; `*` and `?` are wildcards. */
  readonly Action: OneOrMore;
  /** `arn:aws:s3:::bucket/key`; `*` and `?` are wildcards. */
  readonly Resource: OneOrMore;
  readonly Condition?: PolicyCondition;
}

type Flags<Name extends string> = Readonly<Partial<Record<Name, "true" | "false">>>;

/** All of it must hold. */
export interface PolicyCondition {
  /** `true`: holds when the request lacks the condition's header. */
  readonly Null?: Flags<"s3:if-match" | "s3:if-none-match">;
  /** `true`: holds when the request makes an object; those about parts of an upload do not. */
  readonly Bool?: Flags<"s3:ObjectCreationOperation">;
}

/** A bucket policy. */
export interface Policy {
  readonly Statement: readonly PolicyStatement[];
}

/** The operators that are known here. */
const OPERATORS: readonly string[] = ["Null", "Bool"] satisfies readonly (keyof PolicyCondition)[];

/** What somebody wants to do. */
export interface AccessRequest {
  /** `s3:GetObject`, … */
  readonly action: string;
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  /** Account id; `undefined`: anonymous. */
  readonly accountId: string | undefined;
  /** Whether it makes an object. */
  readonly isCreation: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

const list = (value: OneOrMore): readonly string[] => (typeof value === "string" ? [value] : value);

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

function isPrincipal(principal: PolicyStatement["Principal"], accountId: string | undefined): boolean {
  if (principal === "*") return true;
  return list(principal.AWS).some(
    (name) =>
      name === "*" || (accountId !== undefined && (name === accountId || name === `arn:aws:iam::${accountId}:root`)),
  );
}

function conditionHolds({ Condition = {} }: PolicyStatement, { headers, isCreation }: AccessRequest): boolean {
  const { Null = {}, Bool = {} } = Condition;
  const isNull = Object.entries(Null).every(
    ([name, isAbsent]) => (headers[name.slice("s3:".length)] === undefined) === (isAbsent === "true"),
  );
  return isNull && Object.values(Bool).every((wanted) => isCreation === (wanted === "true"));
}

/** Whether a bucket's owner or policy lets somebody do something: a Deny beats all, then the owner may, then an Allow counts. */
export function isAllowed(request: AccessRequest, owner: string, policy: Policy | undefined): boolean {
  const resource = `arn:aws:s3:::${request.bucket}${request.key === "" ? "" : `/${request.key}`}`;
  const effects = new Set<PolicyStatement["Effect"]>();
  const applying = (policy?.Statement ?? []).filter(
    (statement) =>
      isPrincipal(statement.Principal, request.accountId) &&
      list(statement.Action).some((pattern) => matches(pattern, request.action)) &&
      list(statement.Resource).some((pattern) => matches(pattern, resource)) &&
      conditionHolds(statement, request),
  );
  for (const { Effect } of applying) effects.add(Effect);
  return !effects.has("Deny") && (request.accountId === owner || effects.has("Allow"));
}

/**
 * Reads a policy as PutBucketPolicy sends it.
 *
 * @throws {@link S3Error} `MalformedPolicy`.
 */
export function parsePolicy(body: Uint8Array): Policy {
  try {
    const policy = JSON.parse(Buffer.from(body).toString()) as Policy;
    const isKnown = policy.Statement.every(
      ({ Condition }) =>
        Condition === undefined || Object.keys(Condition).every((operator) => OPERATORS.includes(operator)),
    );
    if (isKnown) return policy;
  } catch {
    // Answered below.
  }
  throw new S3Error(
    "MalformedPolicy",
    "Policies must be valid JSON and may only use the condition operators Null and Bool here",
  );
}
