import { Argument } from '@commander-js/extra-typings';
import type { Command } from '../command.ts';
import { complete } from '../complete.ts';
import { COMPLETE_COMMAND } from '../program-names.ts';
import type { Terminal } from '../terminal.ts';

/**
 * The scripts hold no commands and no options: they ask the program that is installed, with what has been typed, and so
 * they are right after every update. Where it has no answer, files are offered.
 */
const scripts: Readonly<Record<string, string>> = {
  bash: `_panelist() {
  local line
  COMPREPLY=()
  while IFS=$'\\t' read -r line _; do
    [ -n "$line" ] && COMPREPLY+=("$line")
  done < <(panelist ${COMPLETE_COMMAND} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [ "\${#COMPREPLY[@]}" -gt 0 ] || compopt -o default 2>/dev/null
}
complete -F _panelist panelist
`,
  zsh: `#compdef panelist
_panelist() {
  local -a candidates
  local value description
  while IFS=$'\\t' read -r value description; do
    [[ -n $value ]] && candidates+=("\${value//:/\\\\:}:$description")
  done < <(panelist ${COMPLETE_COMMAND} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#candidates} )); then
    _describe panelist candidates
  else
    _files
  fi
}
compdef _panelist panelist
`,
  fish: `function __panelist_complete
  set -l words (commandline -opc) (commandline -ct)
  panelist ${COMPLETE_COMMAND} -- $words[2..-1] 2>/dev/null
end
function __panelist_has_candidates
  test (count (__panelist_complete)) -gt 0
end
complete -c panelist -n __panelist_has_candidates -f -a '(__panelist_complete)'
`,
};

const install: Readonly<Record<string, string>> = {
  bash: 'eval "$(panelist completion bash)"        in ~/.bashrc',
  zsh: 'eval "$(panelist completion zsh)"         in ~/.zshrc, after compinit',
  fish: 'panelist completion fish | source         in ~/.config/fish/config.fish',
};

export function defineCompletion(completion: Command, terminal: Terminal): void {
  completion
    .description(
      `Prints what makes a shell complete \`panelist\`:\n\n  ${Object.values(install).join('\n  ')}`,
    )
    .addArgument(new Argument('<shell>').choices(Object.keys(scripts)))
    .action((shell: string) => terminal.out(scripts[shell] as string));
}

/** @param program with all its commands */
export function addComplete(program: Command, terminal: Terminal): void {
  program
    .command(COMPLETE_COMMAND, { hidden: true })
    .argument('[words...]')
    .action((words: readonly string[]) => {
      const lines = complete(program, words).map(({ value, description }) => `${value}\t${description}\n`);
      terminal.out(lines.join(''));
    });
}
