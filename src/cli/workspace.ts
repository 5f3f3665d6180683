/** What most commands start from: the fleet file, its assembly, and a way into the accounts. */
import { Accounts, type AccountsOptions, type PatienceOptions } from '../aws/index.ts'
import { accountsOfFleet, type Fleet, loadFleet } from '../fleet/index.ts'
import { type Assembly, FleetError, type PipelineDeclaration } from '../model/index.ts'
import type { LiveFleet } from '../operate/index.ts'
import { synthesize } from '../synth/index.ts'
import { type Invocation, type OptionValue, UsageError } from './command.ts'
import type { Terminal } from './terminal.ts'

export interface Workspace extends LiveFleet {
  readonly fleet: Fleet
}

/** The options that every command with a fleet file has. */
export const FLEET_OPTION = {
  flags: '--fleet <file>',
  description: 'the fleet file (default: crossdock.yaml or crossdock.config.ts here)',
}

export const PIPELINE_ARGUMENT = {
  flags: '[pipeline]',
  description: 'the pipeline; may be left out when there is only one',
}

export const EXECUTION_OPTION = { flags: '--execution <id>', description: 'an older execution' }

export const PIPELINE_OPTION = { flags: '--pipeline <name>', description: 'only of this pipeline' }

export const STAGE_OPTION = { flags: '--stage <name>', description: 'the stage' }

export const WAIT_OPTION = {
  flags: '--wait',
  description: 'show the execution until it has ended; exits with 1 where it does not succeed',
}

/** The stage that `--stage` names, where it does. Errors: FleetError listing the stages. */
export function checkedStage(
  { pipeline, stages }: { readonly pipeline: string; readonly stages: readonly { readonly name: string }[] },
  named: OptionValue,
): string | undefined {
  if (typeof named !== 'string') return undefined
  const names = stages.map(({ name }) => name)
  if (names.includes(named)) return named
  throw new FleetError(`${pipeline} has no stage "${named}"`, { fix: `its stages: ${names.join(', ')}` })
}

/** The declaration that the fleet's file makes of a pipeline of it. */
export const declarationIn = ({ assembly }: LiveFleet, pipeline: string): PipelineDeclaration =>
  assembly.pipelines.find(({ declaration }) => declaration.name === pipeline)!.declaration

/** The id that `--execution` gives. Errors: UsageError. */
export const executionIn = ({ options }: Invocation): string | undefined =>
  typeof options.execution === 'string' ? checkedExecution(options.execution, '--execution') : undefined

/** The id of an execution. AWS: its form. Errors: UsageError. */
export function checkedExecution(id: string, what = 'it'): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id
  throw new UsageError(`${what} takes the id of an execution as "crossdock status" shows it, not "${id}"`)
}

/** Errors: FleetError or FleetErrors of the file. */
export async function openWorkspace(
  file: string | undefined,
  options: AccountsOptions = {},
): Promise<Workspace> {
  const fleet = await loadFleet(file)
  return {
    fleet,
    hub: fleet.hub,
    assembly: synthesize(fleet),
    accounts: new Accounts(accountsOfFleet(fleet), options),
  }
}

/** The workspace for a command's `--fleet`. */
export const workspaceOf = ({ options, terminal }: Invocation): Promise<Workspace> =>
  openWorkspace(typeof options.fleet === 'string' ? options.fleet : undefined, {
    patience: patienceOf(terminal),
  })

/** Does something with the workspace, and closes its connections however that ends. */
export async function withWorkspace<T>(
  invocation: Invocation,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = await workspaceOf(invocation)
  try {
    return await work(workspace)
  } finally {
    workspace.accounts.close()
  }
}

/** Says on the terminal what a command waits for, where AWS throttles or does not answer. */
export const patienceOf = (terminal: Terminal): PatienceOptions => ({
  onWait: (text) => terminal.warn(terminal.colors.dim(text)),
})

/**
 * Gives AWS's name of the pipeline that a command speaks of: the one named by its key in the fleet file or by AWS's name,
 * or the only one. Errors: FleetError listing what there is.
 */
export function choosePipeline({ assembly: { pipelines } }: LiveFleet, named: string | undefined): string {
  if (named === undefined && pipelines.length === 1) return pipelines[0]!.declaration.name
  const found = named === undefined ? undefined : pipelineNamed(pipelines, named)
  if (found !== undefined) return found
  throw new FleetError(
    named === undefined ? 'the fleet has several pipelines' : `there is no pipeline "${named}"`,
    {
      fix: `name one of ${pipelines.map(({ id }) => id).join(', ')}`,
    },
  )
}

/** Gives AWS's name of a pipeline of the fleet by its key in the file or by AWS's name; undefined where there is none. */
export const pipelineNamed = (pipelines: Assembly['pipelines'], named: string): string | undefined =>
  (
    pipelines.find(({ id }) => id === named) ??
    pipelines.find(({ declaration }) => declaration.name === named)
  )?.declaration.name
