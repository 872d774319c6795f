// The scripts by which shells ask for completions.

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type CompletedShell = (typeof SHELLS)[number];

const SCRIPTS: Readonly<Record<CompletedShell, string>> = {
  bash: `_atomic() {
  local words
  words=$(atomic completion --words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _atomic atomic
`,
  zsh: `#compdef atomic
_atomic() {
  local -a found
  found=(\${(f)"$(atomic completion --words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  (( \${#found} )) && compadd -a found || _files
}
compdef _atomic atomic
`,
  fish: `function __atomic_words
  set -l words (commandline -opc) (commandline -ct)
  atomic completion --words -- $words[2..-1] 2>/dev/null
end
complete -c atomic -a '(__atomic_words)'
`,
};

export const completionScript = (shell: CompletedShell): string => SCRIPTS[shell];
