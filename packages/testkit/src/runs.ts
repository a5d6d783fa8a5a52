/** Whether this is a campaign (`T4_CAMPAIGN=1`): the full figures instead of a quick look. */
export const isCampaign: boolean = process.env["T4_CAMPAIGN"] === "1";

/** How often something is tried: `quick` times in `npm test`, `full` times in a campaign. */
export function runs(counts: { readonly quick: number; readonly full: number }): number {
  return isCampaign ? counts.full : counts.quick;
}
