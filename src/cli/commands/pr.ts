/** `crossdock pr`: pull requests of the embedded cloud's repositories, as one would open them at a provider. */
import { type Command, type Invocation, UsageError } from '../command.ts'
import {
  type ConnectedRepository,
  currentBranch,
  openRepository,
  type PullRequest,
} from '../connected-repository.ts'

type Verb = (repository: ConnectedRepository, invocation: Invocation) => Promise<PullRequest | PullRequest[]>

const at = (invocation: Invocation, path = ''): string => `/pulls/${numberIn(invocation)}${path}`

const VERBS: Readonly<Record<string, Verb>> = {
  list: (repository) => repository.ask('/pulls'),
  open: async (repository, { options: { source, into, title } }) =>
    repository.ask('/pulls', {
      source: source ?? (await currentBranch(process.cwd())),
      ...(into !== undefined && { destination: into }),
      ...(title !== undefined && { title }),
    }),
  show: (repository, invocation) => repository.ask(at(invocation)),
  merge: (repository, invocation) => repository.ask(at(invocation, '/merge'), {}),
  close: (repository, invocation) => repository.ask(at(invocation), { state: 'closed' }),
  reopen: (repository, invocation) => repository.ask(at(invocation), { state: 'open' }),
}

function numberIn({ arguments: [verb, number = ''] }: Invocation): string {
  if (/^[1-9]\d{0,8}$/.test(number)) return number
  throw new UsageError(`pr ${verb} takes the number of a pull request`)
}

export const pr: Command = {
  arguments: [
    { flags: '<verb>', description: `${Object.keys(VERBS).join(', ')}; a push to its branch updates one` },
    { flags: '[number]', description: 'which pull request, for all but list and open' },
  ],
  options: [
    {
      flags: '--remote <name>',
      description: 'the remote of this clone, or the address, of the repository',
      default: 'origin',
    },
    {
      flags: '--source <branch>',
      description: 'what is to be merged (default: the branch that is checked out)',
    },
    { flags: '--into <branch>', description: 'where to (default: the branch that a clone begins with)' },
    { flags: '--title <text>', description: 'what it is called (default: the branch)' },
  ],
  examples: ['pr open --title "Say good morning"', 'pr list', 'pr merge 1'],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const [name = ''] = invocation.arguments
    const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined
    if (!verb) throw new UsageError(`pr takes one of ${Object.keys(VERBS).join(', ')}, and not "${name}"`)
    const repository = await openRepository(process.cwd(), String(options.remote ?? 'origin'))
    const found = await verb(repository, invocation)
    if (options.json) terminal.print(JSON.stringify(found, null, 2))
    else for (const one of [found].flat()) for (const line of linesOf(one)) terminal.print(line)
    return 0
  },
}

function linesOf({
  number,
  title,
  source,
  destination,
  commit,
  state,
  merged,
  statuses,
}: PullRequest): string[] {
  const stands = merged ? 'merged' : state.toLowerCase()
  return [
    `#${number} ${title}  ${source} → ${destination}  ${commit.slice(0, 8)}  ${stands}`,
    ...statuses.map((one) => `  ${one.state}  ${one.context}: ${one.description}`),
  ]
}
