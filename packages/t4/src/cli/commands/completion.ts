import type { DefineCommand } from "../command.js";
import { COMMANDS } from "../command-table.js";
import type { CliContext } from "../context.js";
import { examples, unknownWord } from "../options.js";
import { shownLines } from "../shown.js";

/** A command as completion needs it. */
interface Described {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly string[];
}

export const define: DefineCommand = (command, context) => {
  command
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText("after", examples("source <(t4 completion bash)"))
    .action(async (shell: string) => {
      const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
      if (script === undefined) {
        throw unknownWord("completion for", shell, Object.keys(SCRIPTS));
      }
      context.out(shownLines(script(await describeAll(context))));
    });
};

async function describeAll(context: CliContext): Promise<Described[]> {
  const { loadCommand } = await import("../run-command.js");
  const described: Described[] = [];
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    const options = (await loadCommand(name, context))?.options ?? [];
    described.push({ name, summary, flags: [...options.map(({ long }) => long ?? ""), "--help"] });
  }
  return described;
}

const SCRIPTS: Readonly<Record<string, (commands: readonly Described[]) => string>> = { bash, zsh, fish };

function bash(commands: readonly Described[]): string {
  const cases = commands.map(({ name, flags }) => `      ${name}) words="${flags.join(" ")}" ;;`);
  return `_t4() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(" ")}"
  elif [[ "$current" == -* ]]; then
    case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _t4 t4
`;
}

function zsh(commands: readonly Described[]): string {
  const names = commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`);
  const cases = commands.map(({ name, flags }) => `    ${name}) compadd -- ${flags.join(" ")} ;;`);
  return `#compdef t4
local -a commands=(
${names.join("\n")}
)
if (( CURRENT == 2 )); then
  _describe command commands
elif [[ "$PREFIX" == -* ]]; then
  case "$words[2]" in
${cases.join("\n")}
  esac
else
  _files
fi
`;
}

function fish(commands: readonly Described[]): string {
  return commands
    .flatMap(({ name, summary, flags }) => [
      `complete -c t4 -n __fish_use_subcommand -a ${name} -d '${quoted(summary)}'`,
      ...flags.map((flag) => `complete -c t4 -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`),
    ])
    .map((line) => `${line}\n`)
    .join("");
}

function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}
