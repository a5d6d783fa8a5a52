import { describe, expect, it } from "vitest";
import { isT4Error, systemCode, T4Error } from "#t4/base/errors.js";

describe("T4Error", () => {
  it("carries code, hint, facts and cause", () => {
    const cause = new Error("disk");
    const options = { hint: "Try again.", facts: { path: "a.csv" }, cause };
    const error = new T4Error("ERR_T4_IO", "could not read a.csv", options);
    expect(error).toMatchObject({ name: "T4Error", code: "ERR_T4_IO", ...options });
  });

  it("is told apart by code", () => {
    const error: unknown = new T4Error("ERR_T4_CONFLICT", "moved");
    expect(isT4Error(error)).toBe(true);
    expect(isT4Error(error, "ERR_T4_IO", "ERR_T4_CONFLICT")).toBe(true);
    expect(isT4Error(error, "ERR_T4_IO")).toBe(false);
    expect(isT4Error(new Error("moved"))).toBe(false);
  });
});

describe("systemCode", () => {
  it("reads the code of a system error and of nothing else", () => {
    expect(systemCode(Object.assign(new Error("x"), { code: "ENOENT" }))).toBe("ENOENT");
    expect(systemCode(Object.assign(new Error("x"), { code: 7 }))).toBeUndefined();
    expect(systemCode({ code: "ENOENT" })).toBeUndefined();
  });
});
