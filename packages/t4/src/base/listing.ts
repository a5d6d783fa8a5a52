/** Names in a sentence: those given, and how many more there are of all. */
export function andMore(named: readonly string[], count: number): string {
  const more = count - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more.toLocaleString("en-US")} more` : ""}`;
}
