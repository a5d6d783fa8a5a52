import type { CliContext } from "./context.js";
import { firstLines } from "./render.js";
import { shown } from "./shown.js";

/** Files that usually hold keys or passwords, by their path; examples and public halves are none. */
const SECRET =
  /(?:^|\/)(?:\.env(?:\.(?!example$|sample$|template$|dist$)[^/]+)?|\.envrc|\.netrc|_netrc|\.pgpass|\.npmrc|\.pypirc|\.htpasswd|\.git-credentials|\.vault-token|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|\.aws\/credentials|\.config\/gcloud\/.+|\.azure\/.+|\.kube\/config|\.docker\/config\.json|\.ssh\/(?!known_hosts$|config$)(?:.+\/)?[^/]+(?<!\.pub)|service-account[^/]*\.json|[^/]+\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk))$/i;

/** Whether a file's name is one that keys and passwords usually have. */
export function looksSecret(logicalKey: string): boolean {
  return SECRET.test(logicalKey);
}

/** Names the files that look like secrets: whoever may read the registry can read them, and no later push takes them out. */
export function warnOfSecrets({ err, paintErr }: CliContext, logicalKeys: readonly string[]): void {
  const secret = logicalKeys.filter(looksSecret);
  if (secret.length === 0) return;
  err(
    shown`${paintErr("yellow", "warning:")} these files look like secrets, and whoever reads the registry can read them:\n`,
  );
  err(firstLines(secret.map((key) => shown`${key}`)));
  err(shown`${paintErr("dim", "hint:")} A line in .quiltignore leaves a file out, as in .gitignore.\n`);
}
