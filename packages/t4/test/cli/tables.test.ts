import { beforeEach, describe, expect, it } from "vitest";
import { Scratch } from "./scratch.js";

describe("tables on the command line", () => {
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = new Scratch();
    scratch.write("data/jan.csv", "city,celsius,day\nOslo,-4.5,2024-01-01\nBergen,,2024-01-02\n");
    scratch.write("data/odd.jsonl", '{"id": 12345678901234567890, "text": "\\u001b[31mred"}\n{"other": [1]}\n');
    scratch.write("data/readme.md", "# Weather\n");
    await scratch.publish("data", "registry", "First");
  });

  it("head shows the first rows as columns", () => {
    const out = scratch.ok(["head", "jan.csv"], "data");
    expect(out).toBe("city    celsius  day\nOslo    -4.5     2024-01-01\nBergen  null     2024-01-02\n");
    expect(scratch.ok(["head", "jan.csv", "-n", "1", "--columns", "day", "city"], "data")).toBe(
      "day         city\n2024-01-01  Oslo\n",
    );
    expect(scratch.ok(["head", "alice/weather/jan.csv", "--registry", "registry", "-n", "0"])).toBe(
      "city  celsius  day\n",
    );
  });

  it("head shows what a terminal would obey as JSON's escapes, and all digits", () => {
    const out = scratch.ok(["head", "odd.jsonl"], "data");
    expect(out).toContain("\\u001b[31mred");
    expect(out).not.toContain("\u001b");
    expect(out).toContain("12345678901234567890");
    expect(scratch.ok(["head", "odd.jsonl", "--json"], "data")).toBe(
      '[{"id":12345678901234567890,"text":"\\u001b[31mred"},{"other":[1]}]\n',
    );
  });

  it("cat --rows prints a line of JSON for each row", () => {
    expect(scratch.ok(["cat", "jan.csv", "--rows"], "data")).toBe(
      '{"city":"Oslo","celsius":-4.5,"day":"2024-01-01T00:00:00.000Z"}\n' +
        '{"city":"Bergen","celsius":null,"day":"2024-01-02T00:00:00.000Z"}\n',
    );
    expect(scratch.ok(["cat", "jan.csv", "--rows", "--text", "--columns", "day", "--limit", "1"], "data")).toBe(
      '{"day":"2024-01-01"}\n',
    );
    expect(scratch.t4(["cat", "jan.csv", "--columns", "day"], "data")).toMatchObject({ code: 2 });
  });

  it("schema shows the columns", () => {
    const { out, err } = scratch.t4(["schema", "jan.csv"], "data");
    expect(out).toBe("city     string\ncelsius  number\nday      date\n");
    expect(err).toBe("3 columns.\n");
    expect(JSON.parse(scratch.ok(["schema", "jan.csv", "--json"], "data"))).toEqual({
      columns: [
        { name: "city", type: "string" },
        { name: "celsius", type: "number" },
        { name: "day", type: "date" },
      ],
    });
  });

  it("says what is no table, and which columns there are", () => {
    expect(scratch.t4(["head", "readme.md"], "data")).toMatchObject({ code: 1 });
    const { code, err } = scratch.t4(["head", "jan.csv", "--columns", "citi"], "data");
    expect(code).toBe(2);
    expect(err).toContain("Did you mean city?");
  });
});
