/** Ships an example through an embedded cloud, as `crossdock demo` does, but without a terminal. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { Accounts } from '../../src/aws/index.ts'
import { type Cloud, type CloudOptions, startCloud, type TrailEntry } from '../../src/cloud/index.ts'
import { DeploymentFailure } from '../../src/deploy/index.ts'
import { accountsOfFleet, type Fleet, loadFleet } from '../../src/fleet/index.ts'
import type { Assembly, Target } from '../../src/model/index.ts'
import {
  answerApprovals,
  declarationOf,
  type ExecutionState,
  executionState,
  executions,
  waitingApprovals,
} from '../../src/operate/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { deployQuietly } from './deploy-quietly.ts'
import { dropSite, makeBuckets } from './drop-site.ts'

const run = promisify(execFile)
const AUTHOR = ['-c', 'user.name=Journey', '-c', 'user.email=journey@crossdock.example']

export interface Example {
  readonly fleet: Fleet
  readonly assembly: Assembly
  /** A bare repository with one commit. */
  readonly repository: string
  /** CodePipeline's name of the pipeline. */
  readonly pipeline: string
  /** `owner/name`, as the fleet's source names it. */
  readonly repositoryId: string
  remove(): Promise<void>
}

/** Reads an example and makes a repository of it. */
export async function openExample(name: string, pipeline: string, repositoryId: string): Promise<Example> {
  const folder = await mkdtemp(join(tmpdir(), 'crossdock-journey-'))
  const work = join(folder, 'work')
  await cp(resolve('examples', name), work, { recursive: true })
  const git = (...words: string[]) => run('git', [...AUTHOR, ...words], { cwd: work })
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'First commit')
  const repository = join(folder, 'bare.git')
  await git('clone', '--quiet', '--bare', work, repository)
  const fleet = await loadFleet(join(work, 'crossdock.yaml'))
  const assembly = synthesize(fleet)
  return {
    fleet,
    assembly,
    repository,
    pipeline: assembly.pipelines.find(({ id }) => id === pipeline)!.declaration.name,
    repositoryId,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

export interface Shipment {
  readonly cloud: Cloud
  readonly accounts: Accounts
  /** Set when the deployment of the fleet's own stacks failed; then nothing ran. */
  readonly deploymentFailure?: DeploymentFailure
  readonly state?: ExecutionState
  readonly trail: readonly TrailEntry[]
  end(): Promise<void>
}

const ENDED = ['Succeeded', 'Failed', 'Stopped', 'Superseded', 'Cancelled']

/**
 * Puts the repository into a new cloud, deploys the assembly, and follows the execution that the pipeline's creation
 * starts, approving whatever waits. `assembly` may be a changed one; `prepare` is done before anything is deployed.
 */
export async function ship(
  example: Example,
  assembly: Assembly = example.assembly,
  { prepare, ...options }: CloudOptions & { prepare?: (cloud: Cloud) => Promise<void> } = {},
): Promise<Shipment> {
  const bugs: unknown[] = []
  const cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }), ...options })
  await prepare?.(cloud)
  const home = join(cloud.folder, 'repositories', `${example.repositoryId}.git`)
  await mkdir(dirname(home), { recursive: true })
  await cp(example.repository, home, { recursive: true })
  const { fleet } = example
  const accounts = new Accounts(accountsOfFleet(fleet), {
    endpoint: cloud.endpoint,
  })
  const end = async () => {
    accounts.close()
    await cloud.stop()
    if (bugs.length)
      throw new AggregateError(
        bugs.map((bug) => (bug as { error: unknown }).error),
        'the cloud had bugs',
      )
  }
  try {
    if (takesDrops(example)) {
      await makeBuckets(accounts, fleet)
      await dropSite(accounts, fleet)
    }
    await deployQuietly(assembly, accounts)
  } catch (error) {
    if (!(error instanceof DeploymentFailure)) throw error
    return { cloud, accounts, deploymentFailure: error, trail: cloud.trail.entries(), end }
  }
  const state = await followFirst(accounts, fleet.hub, example.pipeline)
  return { cloud, accounts, state, trail: cloud.trail.entries(), end }
}

/** Follows the execution that a pipeline's creation starts to its end, approving whatever waits. */
export async function followFirst(
  accounts: Accounts,
  hub: Target,
  pipeline: string,
): Promise<ExecutionState> {
  const client = await accounts.client(CodePipelineClient, hub)
  const first = (await executions(client, pipeline)).at(-1)?.pipelineExecutionId
  return follow(client, hub, pipeline, first)
}

/** Follows an execution to its end, approving whatever waits. */
export async function follow(
  client: CodePipelineClient,
  hub: Target,
  pipeline: string,
  execution: string | undefined,
): Promise<ExecutionState> {
  const declaration = await declarationOf(client, pipeline)
  for (;;) {
    const state = await executionState(client, declaration, hub, execution ?? '')
    if (!state) throw new Error(`the pipeline ${pipeline} started no execution`)
    if (ENDED.includes(state.status)) return state
    if (waitingApprovals(state).length)
      await answerApprovals(client, state, { approved: true, summary: 'journey' })
    await sleep(20)
  }
}

const takesDrops = ({ assembly, pipeline }: Example): boolean =>
  assembly.pipelines.some(
    ({ declaration: { name, stages } }) =>
      name === pipeline && stages[0]?.actions.some(({ actionTypeId }) => actionTypeId.provider === 'S3'),
  )

interface Change {
  readonly files: readonly string[]
  readonly from: string
  readonly to: string
}

/** Follows the execution that a new version starts, approving whatever waits. */
export async function followNext(
  accounts: Accounts,
  hub: Target,
  pipeline: string,
  bring: () => Promise<void>,
): Promise<ExecutionState> {
  const client = await accounts.client(CodePipelineClient, hub)
  const before = (await executions(client, pipeline)).length
  await bring()
  // What was pushed or dropped starts the pipeline in its own time.
  for (;;) {
    const found = await executions(client, pipeline)
    if (found.length > before) return follow(client, hub, pipeline, found[0]?.pipelineExecutionId)
    await sleep(20)
  }
}

/** Commits a change and pushes it to where a connection of the account leads. */
export async function pushChange(
  { repository, repositoryId, account }: { repository: string; repositoryId: string; account: string },
  cloud: Cloud,
  { files, from, to }: Change,
): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'crossdock-change-'))
  try {
    const git = (...words: string[]) => run('git', [...AUTHOR, ...words], { cwd: work })
    await git('clone', '--quiet', repository, '.')
    for (const file of files) {
      const text = await readFile(join(work, file), 'utf8')
      await writeFile(join(work, file), text.replaceAll(from, to))
    }
    await git('commit', '--quiet', '--all', '--message', 'A change')
    const remote = new URL(`${cloud.endpoint}/_codeconnections/${repositoryId}.git`)
    remote.username = account
    remote.password = cloud.secret
    await git('push', '--quiet', remote.href, 'HEAD:main')
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** What went wrong, as a person would be told: the deployment's failure, or the failed actions' errors. */
export function failureOf({
  deploymentFailure,
  state,
}: Pick<Shipment, 'deploymentFailure' | 'state'>): string {
  if (deploymentFailure) return deploymentFailure.message
  return (state?.stages ?? [])
    .flatMap((stage) => stage.actions)
    .flatMap((action) => (action.error ? [`${action.error.code}: ${action.error.message}`] : []))
    .join('\n')
}
