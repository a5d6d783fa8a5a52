import type { DefineCommand } from "../command.js";
import { examples, unknownWord } from "../options.js";
import { joined, shown, shownLines } from "../shown.js";

/** What the scripts ask this command for. */
const ASK = "words";

export const define: DefineCommand = (command, context) => {
  command
    // What only the scripts say is nothing for people.
    .configureHelp({ visibleArguments: ({ registeredArguments }) => registeredArguments.slice(0, 1) })
    .usage("[options] <shell>")
    .argument("<shell>", "bash, zsh or fish")
    .argument("[words...]", "what the script asks about")
    .addHelpText("after", examples("source <(t4 completion bash)"))
    .action(async (shell: string, words: string[]) => {
      if (shell === ASK) {
        const { candidates } = await import("../completion-words.js");
        const found = await candidates(words, context);
        context.out(joined(found.map(({ word, summary }) => shown`${word}\t${summary}\n`)));
        return;
      }
      const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
      if (script === undefined) throw unknownWord("completion for", shell, Object.keys(SCRIPTS));
      context.out(shownLines(script));
    });
};

/**
 * The scripts know nothing of commands: they hand over the words up to the cursor, and get a word in each line, with what it
 * is. None expands what it gets. Where nothing fits, the shell completes files.
 */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_t4() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(t4 completion ${ASK} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _t4 t4
`,
  zsh: `#compdef t4
_t4() {
  local line
  local -a found
  for line in \${(f)"$(t4 completion ${ASK} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"}; do
    found+=("\${line%%$'\\t'*}:\${line#*$'\\t'}")
  done
  if (( $#found )); then
    _describe t4 found
  else
    _files
  fi
}
if [[ "$funcstack[1]" == _t4 ]]; then
  _t4
else
  compdef _t4 t4
fi
`,
  fish: `function __t4_words
  set -l words (commandline -opc)
  set -e words[1]
  set -l current (commandline -ct)
  set -l found (t4 completion ${ASK} -- $words "$current" 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path "$current"
  end
end
complete -c t4 -f -a '(__t4_words)'
`,
};
