/** `crossdock cloud`: runs the embedded AWS as a server until it is interrupted. */
import {
  CONTAINER_CHOICES as CHOICES,
  type Cloud,
  type CloudOptions,
  type ContainerChoice,
  FolderInUse,
  readOrigin,
  startCloud,
} from '../../cloud/index.ts'
import { FleetError } from '../../model/index.ts'
import { accountsForProfiles, type ProfiledAccount, writeProfiles } from '../cloud-profiles.ts'
import { collectWhenIdle } from '../collect-when-idle.ts'
import { type Command, type Invocation, UsageError } from '../command.ts'
import { interrupted } from '../interrupted.ts'
import { watchDenials } from '../view/watch-denials.ts'
import { watchFailures } from '../view/watch-failures.ts'
import { watchRefusals } from '../view/watch-refusals.ts'

export const cloud: Command = {
  options: [
    { flags: '--port <number>', description: 'port on 127.0.0.1', default: '4566' },
    {
      flags: '--data <folder>',
      description: 'keep the state in this folder (default: forget it at the end)',
    },
    {
      flags: '--accounts <ids>',
      description: 'the accounts that exist, separated by commas (default: every number)',
    },
    {
      flags: '--organization <id>',
      description: 'the organization of all accounts, or "none"',
      default: 'o-crossdock00',
    },
    {
      flags: '--management-account <id>',
      description:
        "the organization's management account, which no policy of it limits (default: the first account, or the hub)",
    },
    {
      flags: '--allow-origin <url...>',
      description:
        'the origin of a web application that may call the cloud from a browser (default: none may)',
    },
    {
      flags: '--containers <engine>',
      description: `what runs containers: ${CHOICES.join(', ')}; tasks are simulated where nothing does`,
      default: 'auto',
    },
    { flags: '--secret <text>', description: 'secret access key of every account', default: 'test' },
  ],
  examples: [
    'cloud',
    'cloud --data .crossdock --accounts 111111111111,222222222222',
    'cloud --containers none',
  ],
  run: async ({ options, terminal }) => {
    const accounts = accountList(options.accounts)
    const profiled = accounts ?? (await accountsForProfiles())
    const running = await start({
      port: portNumber(options.port),
      allowOrigins: origins(options.allowOrigin),
      data: typeof options.data === 'string' ? options.data : undefined,
      accounts,
      secret: String(options.secret),
      containers: containerEngine(options.containers),
      organization: options.organization === 'none' ? false : String(options.organization),
      managementAccount: managementAccount(options.managementAccount, accounts) ?? accountOf(profiled[0]),
    })
    const profiles = await writeProfiles(running, profiled)
    if (options.json) terminal.print(JSON.stringify({ endpoint: running.endpoint, ...profiles }))
    else {
      const { colors } = terminal
      terminal.print(
        `${colors.bold('Embedded AWS')} at ${running.endpoint}, IAM enforced; state ${options.data ? `in ${options.data}` : 'is forgotten at the end'}`,
      )
      for (const line of await sayContainers(running)) terminal.print(line)
      terminal.print()
      terminal.print(`export AWS_ENDPOINT_URL=${running.endpoint}`)
      terminal.print(`export AWS_CONFIG_FILE=${profiles.configFile}`)
      terminal.print(`export AWS_SHARED_CREDENTIALS_FILE=${profiles.credentialsFile}`)
      terminal.print(`export AWS_PROFILE=${profiles.profiles[0]}`)
      terminal.print()
      terminal.print(colors.dim(`profiles: ${profiles.profiles.join(', ')}`))
      terminal.print(
        colors.dim('The root user of any account has its number as access key id. Ctrl-C stops the cloud.'),
      )
    }
    const watching = [collectWhenIdle()]
    if (!options.json)
      watching.push(
        watchDenials(running, terminal),
        watchRefusals(running, terminal),
        watchFailures(running, terminal),
      )
    await interrupted()
    for (const stop of watching) stop()
    await running.stop()
    return 0
  },
}

/** What runs containers, or why nothing does: what is found without starting anything. */
async function sayContainers({ containers }: Cloud): Promise<string[]> {
  const { name, problems } = await containers.look()
  if (name) return [`Containers run with ${name}`]
  return ['No containers run, tasks are simulated:', ...problems.map((problem) => `  ${problem}`)]
}

/** Errors: FleetError when the port or the data folder is taken. */
async function start(options: CloudOptions): Promise<Cloud> {
  return startCloud(options).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new FleetError(`port ${options.port} of this machine is taken`, {
        fix: 'give another --port, or 0 for any',
      })
    if (
      options.data !== undefined &&
      error.syscall !== 'listen' &&
      ['EACCES', 'EROFS', 'EPERM', 'ENOTDIR', 'EEXIST'].includes(error.code ?? '')
    )
      throw new FleetError(`the data folder ${options.data} cannot be written: ${error.message}`, {
        fix: 'give a folder of your own with --data',
      })
    if (error instanceof FolderInUse)
      throw new FleetError(error.message, { fix: 'stop that cloud, or give another --data' })
    throw error
  })
}

function containerEngine(value: Invocation['options'][string]): ContainerChoice {
  const chosen = CHOICES.find((one) => one === value)
  if (chosen) return chosen
  throw new UsageError(`--containers takes ${CHOICES.join(', ')}, not "${value}"`)
}

function portNumber(value: Invocation['options'][string]): number {
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port < 65536) return port
  throw new UsageError(`--port takes a number from 0 to 65535, not "${value}"`)
}

/** A repeated option is an array, which the type of options does not know. */
function origins(value: Invocation['options'][string] | readonly string[]): readonly string[] {
  const given = value === undefined ? [] : [value].flat().map(String)
  const wrong = given.find((one) => readOrigin(one) === undefined)
  if (wrong !== undefined)
    throw new UsageError(`--allow-origin takes an origin, as http://localhost:3000 is one, not "${wrong}"`)
  return given
}

function accountList(value: Invocation['options'][string]): string[] | undefined {
  if (typeof value !== 'string') return undefined
  const accounts = value.split(',').map((one) => one.trim())
  const wrong = accounts.find((one) => !/^\d{12}$/.test(one))
  if (wrong !== undefined) throw new UsageError(`--accounts takes twelve-digit numbers, not "${wrong}"`)
  return accounts
}

const accountOf = (one: string | ProfiledAccount | undefined): string | undefined =>
  typeof one === 'object' ? one.account : one

function managementAccount(
  value: Invocation['options'][string],
  accounts: readonly string[] | undefined,
): string | undefined {
  if (value === undefined) return undefined
  if (!/^\d{12}$/.test(String(value)))
    throw new UsageError(`--management-account takes a twelve-digit number, not "${value}"`)
  if (accounts && !accounts.includes(String(value)))
    throw new UsageError(`--management-account ${value} is none of --accounts`)
  return String(value)
}
