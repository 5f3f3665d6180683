/** `crossdock completion`: a script that has a shell complete commands and options. */
import { type Command, UsageError } from '../command.ts'
import { type CommandEntry, type ToldCommand, told } from '../told-commands.ts'

/** The options of a command, as they are typed. */
const flagsOf = ({ command }: ToldCommand): string[] => [
  ...(command.options ?? []).flatMap(({ flags }) => flags.match(/--[a-z-]+/g) ?? []),
  '--json',
  '--help',
]

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Each is complete in itself: a shell runs nothing of ours while somebody types. */
const SCRIPTS: Readonly<Record<string, (all: readonly ToldCommand[]) => string[]>> = {
  bash: (all) => [
    '_crossdock() {',
    '  local word="${COMP_WORDS[COMP_CWORD]}" flags=""',
    `  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W ${quoted(all.map(({ name }) => name).join(' '))} -- "$word")); return; fi`,
    '  case "${COMP_WORDS[1]}" in',
    ...all.map((one) => `    ${one.name}) flags=${quoted(flagsOf(one).join(' '))} ;;`),
    '  esac',
    '  case "$word" in',
    '    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;',
    '    *) COMPREPLY=($(compgen -f -- "$word")) ;;',
    '  esac',
    '}',
    'complete -F _crossdock crossdock',
  ],
  zsh: (all) => [
    '#compdef crossdock',
    '_crossdock() {',
    '  if (( CURRENT == 2 )); then',
    '    local -a commands=(',
    ...all.map(({ name, description }) => `      ${quoted(`${name}:${description}`)}`),
    '    )',
    "    _describe 'command' commands",
    '    return',
    '  fi',
    '  local -a flags=()',
    '  case "$words[2]" in',
    ...all.map((one) => `    ${one.name}) flags=(${flagsOf(one).join(' ')}) ;;`),
    '  esac',
    '  if [[ "$words[CURRENT]" == -* ]]; then compadd -- $flags; else _files; fi',
    '}',
    'compdef _crossdock crossdock',
  ],
  fish: (all) => [
    ...all.map(
      ({ name, description }) =>
        `complete -c crossdock -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
    ),
    ...all.flatMap((one) =>
      flagsOf(one).map(
        (flag) =>
          `complete -c crossdock -n ${quoted(`__fish_seen_subcommand_from ${one.name}`)} -l ${flag.slice(2)}`,
      ),
    ),
  ],
}

const SHELLS = Object.keys(SCRIPTS)

/** The command, for a command line that has these commands. */
export const completionOf = (commands: readonly CommandEntry[]): Command => ({
  arguments: [{ flags: '<shell>', description: `one of ${SHELLS.join(', ')}` }],
  examples: ['completion bash > /etc/bash_completion.d/crossdock', 'completion fish | source'],
  run: async ({ arguments: [shell = ''], options, terminal }) => {
    const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined
    if (!script) throw new UsageError(`completion is there for ${SHELLS.join(', ')}, not for "${shell}"`)
    const lines = script(await told(commands))
    terminal.print(options.json ? JSON.stringify({ shell, script: lines.join('\n') }) : lines.join('\n'))
    return 0
  },
})
