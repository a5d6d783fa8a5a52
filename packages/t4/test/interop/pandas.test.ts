import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enterEnvironment } from "testkit/environment.js";
import { type Random, seededRandom } from "testkit/random.js";
import { runs } from "testkit/runs.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportRegistry, find, type SqlRow, sql } from "#t4/index.js";
import { openManifest } from "#t4/manifest/manifest.js";
import { memoryReader } from "#t4/manifest/memory-reader.js";

const PACKAGES = runs({ quick: 200, full: 10_000 });
const ENTRIES = runs({ quick: 10, full: 50 });
const SEED = 20190607;

/** Reads a registry as it lies there with Python's own JSON, and answers questions with pandas; then also from our export. */
const PANDAS = `
import json, pathlib, sys
import pandas as pd
given = json.load(sys.stdin)
root = pathlib.Path(given["registry"]) / ".quilt"
packages, revisions, entries = [], [], []
for pointer in root.glob("named_packages/*/*/*"):
    name = "/".join(pointer.parts[-3:-1])
    top_hash = pointer.read_text()
    lines = (root / "packages" / top_hash).read_text().splitlines()
    header = json.loads(lines[0])
    files = [json.loads(line) for line in lines[1:]]
    meta = header.get("user_meta") or {}
    row = dict(pkg_name=name, author=name.split("/")[0], top_hash=top_hash, message=header.get("message"), entries=len(files),
        size=sum(file["size"] for file in files), instrument=meta.get("instrument"), run=(meta.get("run") or {}).get("id"))
    if pointer.name != "latest":
        revisions.append({**row, "timestamp": pd.Timestamp(int(pointer.name), unit="s", tz="UTC")})
        continue
    packages.append(row)
    for file in files:
        entries.append(dict(pkg_name=name, logical_key=file["logical_key"], size=file["size"], hash=file["hash"]["value"],
            unit=((file["meta"] or {}).get("user_meta") or {}).get("unit")))
names = dict(packages=pd.DataFrame(packages), revisions=pd.DataFrame(revisions), entries=pd.DataFrame(entries), pd=pd)
for table in ["package_revision", "package_tag", "package_manifest", "package_entry"]:
    names[table] = pd.read_parquet(given["tables"] + "/" + table)
answers = []
for question in given["questions"]:
    answer = eval(question, names)
    frame = answer.reset_index() if isinstance(answer, pd.Series) else answer
    answers.append(json.loads(frame.to_json(orient="values", date_format="iso", date_unit="s")))
print(json.dumps(answers))
`;

/** A question in SQL, and the same in pandas. */
const QUESTIONS: readonly (readonly [title: string, statement: string, pandas: string])[] = [
  [
    "which packages hold a file with this hash",
    "select distinct pkg_name from t4.entries where hash.value = repeat('0', 63) || '7' order by pkg_name",
    "entries[entries.hash == '0' * 63 + '7'][['pkg_name']].drop_duplicates().sort_values('pkg_name')",
  ],
  [
    "packages and bytes by author",
    "select author, count(*), sum(size)::bigint from t4.packages group by author order by author",
    "packages.groupby('author').agg(n=('size', 'count'), bytes=('size', 'sum')).reset_index()",
  ],
  [
    "packages of an instrument",
    "select pkg_name from t4.packages where (metadata->>'instrument') = 'x' order by pkg_name",
    "packages[packages.instrument == 'x'][['pkg_name']].sort_values('pkg_name')",
  ],
  [
    "the largest run of each instrument",
    `select metadata->>'instrument' as instrument, max((metadata->>'$.run.id')::int) from t4.packages
      where instrument is not null group by instrument order by instrument`,
    "packages.groupby('instrument')['run'].max().astype(int)",
  ],
  [
    "packages without a message",
    "select count(*) from t4.packages where message is null",
    "pd.DataFrame([[packages.message.isna().sum()]])",
  ],
  [
    "files and bytes by ending",
    `select regexp_extract(logical_key, '[^.]*$') as ending, count(*), sum(size)::bigint from t4.entries
      group by ending order by ending`,
    "entries.assign(e=entries.logical_key.str.extract('([^.]*)$')[0]).groupby('e')['size'].agg(['count', 'sum']).reset_index()",
  ],
  [
    "the ten largest files",
    "select pkg_name, logical_key, size from t4.entries order by size desc, pkg_name, logical_key limit 10",
    "entries.sort_values(['size', 'pkg_name', 'logical_key'], ascending=[False, True, True]).head(10)[['pkg_name', 'logical_key', 'size']]",
  ],
  [
    "contents that most packages share",
    `select hash.value as h, count(distinct pkg_name) as n from t4.entries group by h having n > 1 order by n desc, h limit 20`,
    "entries.groupby('hash')['pkg_name'].nunique().reset_index().query('pkg_name > 1').sort_values(['pkg_name', 'hash'], ascending=[False, True]).head(20)",
  ],
  [
    "files by what their own metadata says",
    "select metadata->>'unit' as unit, count(*) from t4.entries where unit is not null group by unit order by unit",
    "entries.groupby('unit')['size'].count()",
  ],
  [
    "revisions by month",
    "select strftime(timestamp, '%Y-%m') as month, count(*) from t4.revisions group by month order by month",
    "revisions.groupby(revisions.timestamp.dt.strftime('%Y-%m'))['top_hash'].count()",
  ],
  [
    "packages that grew since the revision before",
    `select pkg_name from (select pkg_name, size, lag(size) over (partition by pkg_name order by timestamp) as before, is_latest
      from t4.revisions) where is_latest and size > before order by pkg_name`,
    `(lambda r: r[(r['size'] > r.groupby('pkg_name')['size'].shift(1)) & ~r.duplicated('pkg_name', keep='last')][['pkg_name']])(
      revisions.sort_values(['pkg_name', 'timestamp']))`,
  ],
  [
    "our export, read by pandas",
    `select pkg_name, entries, size from t4.packages order by pkg_name`,
    `package_tag[package_tag.tag_name == 'latest'].merge(package_manifest, on='top_hash').merge(
      package_entry.groupby('top_hash')['size'].sum().rename('bytes').reset_index(), on='top_hash').sort_values('pkg_name')[
      ['pkg_name', 'entries', 'bytes']]`,
  ],
  [
    "times in our export",
    "select pkg_name, strftime(timestamp, '%Y-%m-%d %H:%M:%S') as moment from t4.revisions order by pkg_name, moment limit 50",
    `(lambda r: r[['pkg_name', 'at']].sort_values(['pkg_name', 'at']).head(50))(
      package_revision.assign(at=package_revision.timestamp.dt.strftime('%Y-%m-%d %H:%M:%S')))`,
  ],
];

/** A revision's manifest, as any client may have written it. */
function manifestOf(random: Random, name: string): string {
  const meta = {
    ...(random.chance(0.8) && { instrument: random.pick(["x", "y", "z"]) }),
    run: { id: random.below(1000) },
    note: `of ${name}`,
  };
  const header = { version: "v0", ...(random.chance(0.7) && { message: "Measured" }), user_meta: meta };
  const entries = Array.from({ length: 1 + random.below(ENTRIES * 2) }, (_, i) => ({
    logical_key: `raw/${String(i).padStart(4, "0")}.${random.pick(["bin", "tif", "dat"])}`,
    physical_keys: ["s3://elsewhere/a"],
    size: random.below(1_000_000),
    hash: {
      type: "SHA256",
      value: random.below(PACKAGES).toString(16).padStart(64, "0"),
    },
    meta: random.chance(0.2) ? { user_meta: { unit: random.pick(["K", "m"]) } } : {},
  }));
  return [header, ...entries].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** A registry of packages with one to three revisions each. */
function generate(registry: string): void {
  const random = seededRandom(SEED);
  mkdirSync(join(registry, ".quilt/packages"), { recursive: true });
  for (let i = 0; i < PACKAGES; i++) {
    const name = `author${i % 7}/package${String(i).padStart(5, "0")}`;
    const pointers = join(registry, ".quilt/named_packages", name);
    mkdirSync(pointers, { recursive: true });
    let time = 1_600_000_000 + random.below(100_000_000);
    for (let count = 1 + random.below(3); count > 0; count--) {
      const text = manifestOf(random, name);
      const { topHash = "" } = openManifest(memoryReader(Buffer.from(text)));
      writeFileSync(join(registry, ".quilt/packages", topHash), text);
      writeFileSync(join(pointers, String(time)), topHash);
      writeFileSync(join(pointers, "latest"), topHash);
      time += 1 + random.below(10_000_000);
    }
  }
}

describe(`${PACKAGES} packages asked by us and in pandas`, () => {
  let root: string;
  let registry: string;
  let leave: () => void;
  let answers: readonly unknown[];

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "t4-test-"));
    registry = join(root, "registry");
    leave = enterEnvironment({ XDG_CACHE_HOME: join(root, "cache") });
    generate(registry);
    await exportRegistry(join(root, "tables"), { registry });
    const python = join(process.env["T4_PEERS"] ?? "", "t4-2019/bin/python");
    const questions = [...QUESTIONS.map(([, , pandas]) => pandas), MICE];
    const input = JSON.stringify({ registry, tables: join(root, "tables"), questions });
    const output = execFileSync(python, ["-c", PANDAS], { input, encoding: "utf8", maxBuffer: 64 << 20 });
    answers = JSON.parse(output) as unknown[];
  }, 600_000);
  afterAll(() => {
    leave();
    rmSync(root, { recursive: true });
  });

  it.each(QUESTIONS.map(([title, statement], i) => [title, statement, i] as const))("%s", async (_, statement, i) => {
    const rows = await (await sql(statement, { registry })).toArray();
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(numbersIn)).toEqual(answers[i]);
  });

  it("what find finds", async () => {
    const where = 'metadata.instrument = "y" and metadata.run.id >= 500 and size > 4e6 and message is not null';
    const found = await find("author3/*", { registry, where, limit: PACKAGES });
    expect(found.map(({ name, files, size }) => [name, files, size])).toEqual(answers.at(-1));
    expect(found.length).toBeGreaterThan(0);
  });
});

const MICE = `packages[(packages.author == 'author3') & (packages.instrument == 'y') & (packages.run >= 500)
  & (packages['size'] > 4e6) & packages.message.notna()].sort_values('pkg_name')[['pkg_name', 'entries', 'size']]`;

function numbersIn(row: SqlRow): unknown[] {
  return Object.values(row).map((value) => (typeof value === "bigint" ? Number(value) : value));
}
