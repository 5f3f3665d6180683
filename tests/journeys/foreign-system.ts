/** A system that somebody else wrote as plain CloudFormation templates, and how it is deployed and run. */
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { Accounts } from '../../src/aws/index.ts'
import { type Cloud, startCloud, type TrailEntry } from '../../src/cloud/index.ts'
import type { PolicyStatement, Target, Template } from '../../src/model/index.ts'
import type { ExecutionState } from '../../src/operate/index.ts'
import { readDocument } from '../../src/template/index.ts'
import { impatientPython } from './impatient-python.ts'
import { failureOf, followFirst, followNext } from './ship.ts'

const run = promisify(execFile)

/** Whether the aws CLI is there. */
export const hasAwsCli = (): boolean => spawnSync('aws', ['--version']).status === 0

/** One `aws cloudformation deploy`. */
export interface Deployment {
  readonly stack: string
  /** Name of a file in the system's folder. */
  readonly template: string
  readonly target: Target
  /** `{stack.Output}` in a value stands for an output of a stack that was deployed before. */
  readonly parameters: Readonly<Record<string, string>>
  /** What has to be there before it: a build for the pipeline, for example. */
  readonly before?: (world: World) => Promise<void>
}

export interface ForeignSystem {
  readonly folder: string
  readonly deployments: readonly Deployment[]
  readonly hub: Target
  readonly pipeline: string
  /** The templates of what the pipeline deploys, as `--application` takes them. */
  readonly applications: readonly string[]
  /** Brings a second version on its way, which starts the pipeline. */
  readonly revise: (world: World) => Promise<void>
}

/** A cloud with what was deployed to it so far. */
export interface World {
  readonly cloud: Cloud
  readonly accounts: Accounts
  /** Outputs by `stack.Output`. */
  readonly outputs: Map<string, string>
}

export interface Run extends World {
  /** Set when a stack failed; then nothing ran. */
  readonly stackFailure?: string
  readonly state?: ExecutionState
  readonly trail: readonly TrailEntry[]
  end(): Promise<void>
}

/** A typical mistake: how it changes a template, or the parameters it is deployed with. */
export interface Mistake {
  readonly template?: (deployment: Deployment, template: Template) => Template
  readonly parameters?: (deployment: Deployment) => Readonly<Record<string, string>>
  /** Deployments that are forgotten. */
  readonly skips?: (deployment: Deployment) => boolean
}

export const templateOf = (system: ForeignSystem, { template }: Deployment): Template =>
  readDocument(readFileSync(join(resolve('examples/foreign', system.folder), template), 'utf8')).template

/** Gives the deployments with the mistake made. */
export function mistaken(system: ForeignSystem, mistake: Mistake): (Deployment & { body: Template })[] {
  return system.deployments
    .filter((one) => !mistake.skips?.(one))
    .map((one) => {
      const body = templateOf(system, one)
      return {
        ...one,
        parameters: mistake.parameters?.(one) ?? one.parameters,
        body: mistake.template?.(one, body) ?? body,
      }
    })
}

/** Deploys the system to a new cloud and runs its pipeline to its end; with `cli` through the real aws CLI. */
export async function runForeign(
  system: ForeignSystem,
  mistake: Mistake = {},
  options: { cli?: boolean } = {},
): Promise<Run> {
  const bugs: unknown[] = []
  const cloud = await startCloud({ onBug: (_where, error) => bugs.push(error) })
  const references = [...new Set(system.deployments.map((one) => one.target.account))]
  const accounts = new Accounts(
    references.map((account) => ({ name: account, account })),
    { endpoint: cloud.endpoint },
  )
  const world: World = { cloud, accounts, outputs: new Map() }
  const end = async () => {
    accounts.close()
    await cloud.stop()
    if (bugs.length) throw new AggregateError(bugs, 'the cloud had bugs')
  }
  for (const deployment of mistaken(system, mistake)) {
    await deployment.before?.(world)
    const stackFailure = await (options.cli
      ? deployWithCli(system, deployment, world)
      : deployWithSdk(deployment, world))
    if (stackFailure) return { ...world, stackFailure, trail: cloud.trail.entries(), end }
    await gatherOutputs(deployment, world)
  }
  const state = await followFirst(accounts, system.hub, system.pipeline)
  return { ...world, state, trail: cloud.trail.entries(), end }
}

/** Brings the second version on its way and follows it to its end. */
export async function reviseForeign(system: ForeignSystem, run: Run): Promise<ExecutionState> {
  const { hub, pipeline } = system
  return followNext(run.accounts, hub, pipeline, () => system.revise(run))
}

/** What went wrong, as a person would be told. */
export const failureIn = (run: Run): string => run.stackFailure ?? failureOf(run)

/** The first action that failed, as `stage/action`. */
export const failedAction = ({ state }: Run): string | undefined =>
  state?.stages.flatMap(({ name, actions }) =>
    actions.filter((one) => one.status === 'Failed').map((one) => `${name}/${one.name}`),
  )[0]

/** Puts outputs where `{stack.Output}` stands. */
const filled = (parameters: Readonly<Record<string, string>>, outputs: ReadonlyMap<string, string>) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value.replace(/\{([^{}]+)\}/g, (_whole, key: string) => {
        const output = outputs.get(key)
        if (output === undefined) throw new Error(`no stack has given the output ${key}`)
        return output
      }),
    ]),
  )

async function deployWithCli(
  system: ForeignSystem,
  { stack, template, target, parameters }: Deployment,
  { cloud, outputs }: World,
): Promise<string | undefined> {
  const overrides = Object.entries(filled(parameters, outputs)).map(([name, value]) => `${name}=${value}`)
  const file = join(resolve('examples/foreign', system.folder), template)
  const words = ['cloudformation', 'deploy', '--template-file', file, '--stack-name', stack]
  const env = {
    ...process.env,
    ...(await impatientPython(cloud.folder)),
    HOME: cloud.folder,
    PYENV_ROOT: process.env.PYENV_ROOT ?? `${process.env.HOME}/.pyenv`,
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: target.account,
    AWS_SECRET_ACCESS_KEY: cloud.secret,
    AWS_DEFAULT_REGION: target.region,
  }
  const rest = ['--capabilities', 'CAPABILITY_NAMED_IAM', '--no-fail-on-empty-changeset']
  if (overrides.length) rest.push('--parameter-overrides', ...overrides)
  try {
    await run('aws', [...words, ...rest], { env })
    return undefined
  } catch (error) {
    return (error as { stderr?: string }).stderr ?? String(error)
  }
}

/** Creates or updates a stack. Gives what failed. */
export async function deployWithSdk(
  { stack, body, target, parameters }: Deployment & { body: Template },
  { cloud, accounts, outputs }: World,
  tags: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const client = await accounts.client(CloudFormationClient, target)
  const input = {
    StackName: stack,
    TemplateBody: JSON.stringify(body),
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
    Parameters: Object.entries(filled(parameters, outputs)).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  }
  const exists = await client.send(new DescribeStacksCommand({ StackName: stack })).catch(() => undefined)
  await client.send(exists ? new UpdateStackCommand(input) : new CreateStackCommand(input))
  for (;;) {
    await cloud.settled()
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }))
    const status = Stacks?.[0]?.StackStatus ?? ''
    if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE') return undefined
    if (!status.endsWith('_IN_PROGRESS')) break
    await sleep(10)
  }
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stack }))
  const failed = StackEvents.filter((one) => /^(CREATE|UPDATE)_FAILED$/.test(one.ResourceStatus ?? ''))
  const first = failed.reverse().find((one) => !/cancelled/.test(one.ResourceStatusReason ?? ''))
  return `${first?.LogicalResourceId} ${first?.ResourceStatus}: ${first?.ResourceStatusReason}`
}

/** Keeps a stack's outputs for those that are deployed after it. */
export async function gatherOutputs(
  { stack, target }: Deployment,
  { accounts, outputs }: World,
): Promise<void> {
  const client = await accounts.client(CloudFormationClient, target)
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }))
  for (const { OutputKey, OutputValue = '' } of Stacks?.[0]?.Outputs ?? [])
    outputs.set(`${stack}.${OutputKey}`, OutputValue)
}

/**
 * Takes the statement with the Sid out of every policy of a template.
 * Errors: there is no such statement, so that a test that no longer makes its mistake fails.
 */
export function withoutStatement(template: Template, sid: string): Template {
  return withStatement(template, sid, () => undefined)
}

/** Changes the statement with the Sid wherever it stands in a template; undefined takes it out. */
export function withStatement(
  template: Template,
  sid: string,
  change: (statement: PolicyStatement) => PolicyStatement | undefined,
): Template {
  let found = 0
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk).filter((one) => one !== undefined)
    if (value === null || typeof value !== 'object') return value
    if ((value as PolicyStatement).Sid === sid) {
      found++
      return change(value as PolicyStatement) ?? { Ref: 'AWS::NoValue' }
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]))
  }
  const changed = walk(template) as Template
  if (!found) throw new Error(`the template has no statement ${sid}`)
  return changed
}
