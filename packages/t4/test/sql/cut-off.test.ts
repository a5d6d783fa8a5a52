import { describe, expect, it } from "vitest";
import { openEngine } from "#t4/package/sql/engine.js";
import * as results from "#t4/package/sql/sql-result.js";

/** What users do not see. */
const { SqlResult } = results as unknown as {
  readonly SqlResult: { of(stream: unknown, running: object): results.SqlResult };
};

describe("a result that breaks off", () => {
  it("is an error after the rows that came", async () => {
    const engine = await openEngine();
    const stream = await engine.connection.stream("select range from range(3)");
    let isReleased = false;
    const release = (): void => void (isReleased = true);
    // The library says nothing when a stream fails: it gives no more rows.
    const result = SqlResult.of(stream, { engine, count: 5n, release });
    const seen: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const { range } of result) seen.push(range);
    };
    await expect(read()).rejects.toMatchObject({ code: "ERR_T4_IO", message: expect.stringContaining("last 2 rows") });
    expect(seen).toEqual([0n, 1n, 2n]);
    expect(isReleased).toBe(true);
    engine.close();
  });
});
