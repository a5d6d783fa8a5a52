import { packageModule, packageUrl, SCHEME } from "./package-module.js";

/** A module that a hook found or loaded, or a promise of it: Node has synchronous hooks and those of a thread of its own. */
type Answer = object | Promise<object>;

/** The hooks of Node's loader, as far as they are used. */
export interface ImportHooks {
  readonly resolve: (
    specifier: string,
    context: { readonly parentURL?: string | undefined },
    next: (specifier: string, context: object) => Answer,
  ) => Answer;
  readonly load: (url: string, context: object, next: (url: string, context: object) => Answer) => Answer;
}

/** Hooks that take `t4:<author>/<package>` for a module, and leave all other imports alone. */
export function importHooks(library: string): ImportHooks {
  return {
    resolve(specifier, context, next) {
      if (!specifier.startsWith(SCHEME)) return next(specifier, context);
      return { url: packageUrl(specifier, context.parentURL), format: "module", shortCircuit: true };
    },
    load(url, context, next) {
      if (!url.startsWith(SCHEME)) return next(url, context);
      return { source: packageModule(url, library), format: "module", shortCircuit: true };
    },
  };
}
