import { describe, expect, it } from "vitest";
import { knowing, learnTime } from "#t4/store/s3/learned.js";

const NOON = Date.UTC(2026, 10, 27, 12);
const date = (ms: number): string => new Date(ms).toUTCString();

/** What a client takes for the server's lead after answers to requests sent at these times; each took 40 ms. */
function skewAfter(lead: number, sent: readonly number[], lag = 0): number {
  const learned = knowing("us-east-1");
  for (const sentAt of sent) learnTime(learned, date(sentAt + 20 + lead - lag), { sentAt, receivedAt: sentAt + 40 });
  return learned.skewMs;
}

describe("the server's clock", () => {
  const moments = Array.from({ length: 40 }, (_, i) => NOON + i * 73);

  it("counts as ours when it may be, also where a server's date lags a second behind", () => {
    for (const sentAt of moments) {
      expect(skewAfter(0, [sentAt])).toBe(0);
      expect(skewAfter(0, [sentAt], 1000)).toBe(0);
      expect(skewAfter(900, [sentAt])).toBe(0);
    }
  });

  it("is known to a few seconds after one answer, and better after more", () => {
    for (const lead of [-3_600_000, -10_000, 10_000, 3_600_000]) {
      expect(Math.abs(skewAfter(lead, moments.slice(0, 1)) - lead)).toBeLessThan(2600);
      expect(Math.abs(skewAfter(lead, moments) - lead)).toBeLessThan(1600);
    }
  });

  it("is learnt anew when one of the clocks was set", () => {
    const learned = knowing("us-east-1");
    learnTime(learned, date(NOON), { sentAt: NOON, receivedAt: NOON + 40 });
    learnTime(learned, date(NOON + 7_200_000), { sentAt: NOON + 1000, receivedAt: NOON + 1040 });
    expect(Math.abs(learned.skewMs - 7_199_000)).toBeLessThan(2600);
    learnTime(learned, undefined, { sentAt: 0, receivedAt: 0 });
    learnTime(learned, "not a date", { sentAt: 0, receivedAt: 0 });
    expect(Math.abs(learned.skewMs - 7_199_000)).toBeLessThan(2600);
  });
});
