import { T4Error } from "t4";
import type { DefineCommand } from "../command.js";
import { COMMANDS } from "../command-table.js";

const words = (): string => Object.keys(COMMANDS).join(" ");

const SCRIPTS: Readonly<Record<string, () => string>> = {
  bash: () =>
    `_t4() {\n  if [ "$COMP_CWORD" -eq 1 ]; then\n    COMPREPLY=($(compgen -W "${words()}" -- "\${COMP_WORDS[COMP_CWORD]}"))\n  fi\n}\ncomplete -o default -F _t4 t4\n`,
  zsh: () => `#compdef t4\n_arguments '1:command:(${words()})' '*:file:_files'\n`,
  fish: () =>
    Object.entries(COMMANDS)
      .map(
        ([name, { summary }]) =>
          `complete -c t4 -n __fish_use_subcommand -a ${name} -d '${summary.replaceAll("'", "\\'")}'\n`,
      )
      .join(""),
};

export const define: DefineCommand = (command, context) => {
  command
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText("after", "\nExample:\n  source <(t4 completion bash)")
    .action((shell: string) => {
      const script = SCRIPTS[shell];
      if (script === undefined)
        throw new T4Error("ERR_T4_USAGE", `There is no completion for ${shell}.`, { hint: "Use bash, zsh or fish." });
      context.out(script());
    });
};
