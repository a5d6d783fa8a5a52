/** Gives this process an environment, without the variables that are `undefined`; what it gives back puts the old one in its place. */
export function enterEnvironment(env: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.fromEntries(Object.keys(env).map((name) => [name, process.env[name]]));
  setAll(env);
  return () => setAll(before);
}

function setAll(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
