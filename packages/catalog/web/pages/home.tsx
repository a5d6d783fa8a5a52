import { useState } from "preact/hooks";
import type { RegistryRow } from "../../server/api.js";
import { Command } from "../components/empty.js";
import { Icon } from "../components/icon.js";
import { ProblemBox } from "../components/problem-box.js";
import { Skeleton } from "../components/skeleton.js";
import { TimeAgo } from "../components/time-ago.js";
import { counted, visible } from "../format.js";
import { asProblem, type Problem, postJson } from "../state/api-client.js";
import { navigate } from "../state/location.js";
import { registryHref } from "../state/routes.js";
import { type Resource } from "../state/use-resource.js";
import { useTitle } from "../state/use-title.js";

/** The first page: the registries that one has, and ways to more. */
export function Home({ registries }: { readonly registries: Resource<readonly RegistryRow[]> }) {
  useTitle("Registries");
  const { data, problem, retry } = registries;
  const rows = data?.filter(({ kind, packages }) => kind !== "local" || packages !== 0) ?? [];
  return (
    <main id="main" class="page narrow home">
      <h1>Registries</h1>
      <p class="lead">Versioned data packages, seen from this machine. What you look at goes nowhere else.</p>
      {problem === undefined ? null : <ProblemBox problem={problem} retry={retry} />}
      {data === undefined && problem === undefined ? <Skeleton lines={4} /> : null}
      <ul class="registry-cards">
        {rows.map((row) => (
          <li key={row.id}>
            <RegistryCard row={row} />
          </li>
        ))}
      </ul>
      {data !== undefined && rows.length === 0 ? <FirstSteps /> : null}
      {data === undefined ? null : <OpenRegistry hasSample={rows.some(({ kind }) => kind === "sample")} />}
    </main>
  );
}

function RegistryCard({ row }: { readonly row: RegistryRow }) {
  return (
    <a class="registry-card" href={registryHref(row.id)}>
      <span class="registry-icon">
        <Icon name={row.kind === "sample" ? "sparkle" : "database"} />
      </span>
      <span class="registry-words">
        <strong>{visible(row.label)}</strong>
        <span class="muted mono ellipsis">{visible(row.location === "local" ? row.url : row.location)}</span>
      </span>
      <span class="registry-facts">
        <span class="chip">{row.kind}</span>
        <span>{packagesOf(row)}</span>
        <span class="muted" title="Last opened">
          {row.openedAt === 0 ? "" : <TimeAgo time={new Date(row.openedAt).toISOString()} />}
        </span>
      </span>
    </a>
  );
}

function packagesOf({ kind, packages }: RegistryRow): string {
  if (packages !== null) return counted(packages, "package");
  return kind === "bucket" ? "" : "cannot be listed";
}

const STEPS = ['t4 push demo/hello ./data ./registry -m "First version"', "t4 catalog ./registry"] as const;

function FirstSteps() {
  return (
    <section class="empty first-steps">
      <h2>No packages yet</h2>
      <p>A registry is a folder or a bucket. Publish any directory to one, and open it here:</p>
      {STEPS.map((step) => (
        <Command key={step} text={step} />
      ))}
    </section>
  );
}

function OpenRegistry({ hasSample }: { readonly hasSample: boolean }) {
  const [location, setLocation] = useState("");
  const [problem, setProblem] = useState<Problem | undefined>();
  const [isBusy, setBusy] = useState(false);
  const open = async (url: string, body: unknown): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      navigate(registryHref((await postJson<{ id: string }>(url, body)).id));
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    void open("/api/v1/registries", { location });
  };
  return (
    <section class="open-registry">
      <form onSubmit={onSubmit}>
        <label for="location">Open a registry</label>
        <div class="field">
          <input
            id="location"
            value={location}
            onInput={(event) => setLocation((event.target as HTMLInputElement).value)}
            placeholder="/path/to/registry or s3://bucket"
            spellcheck={false}
            autocomplete="off"
            required
          />
          <button type="submit" class="button primary" disabled={isBusy}>
            Open
          </button>
        </div>
      </form>
      {problem === undefined ? null : <ProblemBox problem={problem} />}
      {hasSample ? null : (
        <div class="sample">
          <div>
            <strong>New here?</strong>
            <p class="muted">
              Two small packages with a table, a chart, a notebook, pictures and some history, made on your disk.
            </p>
          </div>
          <button type="button" class="button" disabled={isBusy} onClick={() => void open("/api/v1/sample", {})}>
            <Icon name="sparkle" /> Create a sample registry
          </button>
        </div>
      )}
    </section>
  );
}
