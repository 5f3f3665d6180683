/** The page of every command, made of what the command line itself says of them. */

/** Gives the page as Markdown. `all`: each command's name and description, with its options, arguments and examples. */
export function commandsPage(all) {
  return [HEAD, '| command | what it does |', '|---|---|', ...all.map(row), '', ...all.map(section)].join(
    '\n',
  )
}

const HEAD = `# Commands

\`npm run generate commands\` writes this page from the commands. Every command has \`--help\`, which says the same, and
\`--json\`, which prints one JSON document in place of text. Errors go to standard error and say what to do. The exit status
is 0 where a command did what it is for, 1 where it did not, 2 where it was called wrongly.
`

const row = ({ name, description }) => `| [\`${name}\`](#crossdock-${name}) | ${cell(description)} |`

function section({ name, description, command }) {
  const { arguments: positional = [], options = [], examples = [] } = command
  const usage = ['crossdock', name, ...positional.map(({ flags }) => flags)].join(' ')
  const described = [...positional, ...options]
  return [
    `## \`crossdock ${name}\``,
    '',
    `${description.charAt(0).toUpperCase()}${description.slice(1)}.`,
    '',
    '```',
    ...new Set([usage, ...examples.map((one) => `crossdock ${one}`)]),
    '```',
    '',
    ...(described.length ? ['| | |', '|---|---|', ...described.map(option), ''] : []),
  ].join('\n')
}

function option({ flags, description, default: initial }) {
  const fallback = initial === undefined ? '' : ` (default: \`${initial}\`)`
  return `| \`${flags.replaceAll('|', '\\|')}\` | ${cell(description)}${fallback} |`
}

/** What would end a cell, or be taken for markup. */
const cell = (text) =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/`[^`]*`/g, (code) => code.replaceAll('&lt;', '<'))
