import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openRegistry, Package } from "#t4/index.js";
import { compileSchema } from "#t4/package/workflow/json-schema.js";
import { loadPatterns } from "#t4/package/workflow/python-pattern.js";
import { parseWorkflowConfig } from "#t4/package/workflow/workflow-config.js";
import { temporaryDirectory } from "../temporary.js";

describe("a pattern", () => {
  it.each([
    ["^a$", "a\n", true],
    ["^a\\Z", "a\n", false],
    ["(?m)^a$", "b\na\nc", true],
    ["^\\w+$", "größe_1", true],
    ["^\\d$", "٣", true],
    ["^[\\w-]+/[\\w-]+$", "é-1/b", true],
    ["^\\W$", "é", false],
    ["a\\sb", "a\u00a0b", true],
    ["^a{,2}$", "aaa", false],
    ["^a{,2}$", "aa", true],
    ["(?P<year>\\d{4})", "in 2019", true],
    ["(?i)^TEAM/", "team/x", true],
    ["^\\u00e9$", "é", true],
    ["[]x]", "]", true],
    ["\\bword\\b", "a word here", true],
  ])("%s in %j means what it means in Python", async (pattern, text, isFound) => {
    expect((await loadPatterns())(pattern).test(text)).toBe(isFound);
  });

  it.each(["a(?=b)", "(a)\\1", "(?P<n>a)(?P=n)", "[^\\D]", "\\p{L}", "a++", "[[:alpha:]]", "(", "\\z"])(
    "%s is refused, not guessed",
    async (pattern) => {
      const compile = await loadPatterns();
      expect(() => compile(pattern)).toThrow(/cannot be used/);
    },
  );

  it("refuses to look for a word boundary beside letters that the engine does not know", async () => {
    expect(() => loadPatterns()).not.toThrow();
    const pattern = (await loadPatterns())("\\bword\\b");
    expect(() => pattern.test("éword")).toThrow(/cannot be used/);
  });

  it("takes linear time", async () => {
    const evil = (await loadPatterns())("^(a+)+$");
    expect(evil.test(`${"a".repeat(50_000)}!`)).toBe(false);
  });
});

describe("a configuration", () => {
  const parse = (text: string): Promise<unknown> => parseWorkflowConfig(Buffer.from(text));

  it("that is a bomb of aliases or too large is refused", async () => {
    const lists = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]`);
    const bomb = `version: "1"\nl0: &l0 [x]\n${lists.join("\n")}\n`;
    await expect(parse(bomb)).rejects.toMatchObject({ code: "ERR_T4_WORKFLOW" });
    await expect(parse(`version: "1" #${" ".repeat(1 << 20)}`)).rejects.toThrow(/at most/);
    await expect(parse("[".repeat(1 << 19))).rejects.toThrow(/nested too deeply/);
  });

  it.each([
    ['version: "1"\nworkflows: {w: {name: 1}}', /name of workflows\.w must be a string/],
    ['version: "1"\nworkflows: {w: {}}', /has no name/],
    ['version: "1"\nworkflows: []', /workflows must be a mapping/],
    ['version: "1"\nworkflows: {}\nschemas: {s: {}}', /has no url/],
    ['version: "1"\nworkflows: {}\nis_workflow_required: 1', /must be a boolean/],
  ])("%j is refused with the member's name", async (text, message) => {
    await expect(parse(text)).rejects.toThrow(message);
  });
});

describe("a schema", () => {
  it.each([
    ["too large", `${" ".repeat(1 << 20)}{}`, /characters, expected at most/],
    ["too deep", "[".repeat(1 << 20), /nested too deeply/],
  ])("that is %s is refused before it is parsed", async (_what, text, problem) => {
    await expect(compileSchema("s", text)).rejects.toThrow(problem);
  });

  it("counts no brackets in texts", async () => {
    expect((await compileSchema("s", JSON.stringify({ const: '\\"['.repeat(300) })))(1)).toBeDefined();
  });

  it("sees names such as __proto__ and toString as ordinary", async () => {
    const validate = await compileSchema("s", '{"type": "object", "required": ["toString"]}');
    expect(validate({})).toMatch(/toString/);
  });

  it("reads patterns as Python does, in linear time", async () => {
    const validate = await compileSchema("s", '{"pattern": "^(\\\\w+)+$"}');
    expect(validate("größe")).toBeUndefined();
    expect(validate(`${"a".repeat(50_000)}!`)).toMatch(/pattern/);
  });

  it("may hold $schema and pattern as names of members", async () => {
    const validate = await compileSchema(
      "s",
      '{"properties": {"pattern": {"const": "("}, "$schema": {"type": "string"}}}',
    );
    expect(validate({ pattern: "(", $schema: "x" })).toBeUndefined();
  });
});

describe("publishing under a workflow", () => {
  let registry: string;

  beforeEach(() => {
    registry = join(temporaryDirectory(), "registry");
    mkdirSync(join(registry, ".quilt/workflows"), { recursive: true });
    const config =
      'version: "1"\ndefault_workflow: strict\nworkflows: {strict: {name: Strict, is_message_required: true}}';
    writeFileSync(join(registry, ".quilt/workflows/config.yml"), config);
  });

  it("copies nothing when a rule is broken", async () => {
    const pkg = await new Package().setText("a", "1");
    await expect(pkg.push("a/b", registry)).rejects.toMatchObject({ code: "ERR_T4_WORKFLOW" });
    const { objects } = await (await openRegistry(registry)).collectGarbage({ graceMs: 0 });
    expect(objects).toEqual([]);
  });

  it("is told by the revision", async () => {
    const pkg = await new Package().setText("a", "1");
    expect(pkg.workflow).toBeUndefined();
    await pkg.push("a/b", registry, { message: "m" });
    const url = (await openRegistry(registry)).url;
    const workflow = { id: "strict", config: `${url}/.quilt/workflows/config.yml` };
    expect((await Package.browse("a/b", { registry })).workflow).toEqual(workflow);
  });

  it("has no effect on where else the package goes", async () => {
    const pkg = await new Package().setText("a", "1");
    const governed = await pkg.push("a/b", registry, { message: "m" });
    const free = await pkg.push("a/b", join(temporaryDirectory(), "free"), { message: "m" });
    expect(free).not.toBe(governed);
    expect(await pkg.push("a/c", registry, { message: "m", dryRun: true })).toBe(governed);
  });

  it("starts with an example that is right as it stands and once its comments are used", async () => {
    const place = join(temporaryDirectory(), "registry");
    const opened = await openRegistry(place);
    const { url, text } = await opened.initWorkflows({ dryRun: true });
    expect(await (await openRegistry(place)).initWorkflows()).toEqual({ url, text });
    await expect(opened.initWorkflows()).rejects.toMatchObject({ code: "ERR_T4_CONFLICT" });
    const used = await parseWorkflowConfig(
      Buffer.from(text.replaceAll(/^( *)# (?=[a-z_]+:)/gm, "$1").replaceAll(/^# {3,}/gm, (m) => m.replace("# ", ""))),
    );
    expect([...used.workflows.keys(), ...used.schemas.keys(), used.default_workflow]).toEqual([
      "described",
      "metadata",
      "described",
    ]);
    const pkg = await new Package().setText("a", "1");
    await expect(pkg.push("a/b", place, { workflow: "described" })).rejects.toThrow(/requires a message/);
    await pkg.push("a/b", place, { workflow: "described", message: "m" });
  });
});
