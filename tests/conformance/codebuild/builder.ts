/** What tests of CodeBuild need: roles, projects, builds that run to their end, and their logs. */
import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  type FilterLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  BatchGetBuildsCommand,
  type Build,
  CodeBuildClient,
  CreateProjectCommand,
  type CreateProjectCommandInput,
  StartBuildCommand,
  type StartBuildCommandInput,
} from '@aws-sdk/client-codebuild'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import type { CloudOptions } from '../../../src/cloud/index.ts'
import { HUB, startTestCloud } from '../cloud.ts'

export interface Allow {
  readonly Action: string | string[]
  readonly Resource?: string | string[]
}

export const environment = (variables: { name: string; value: string; type?: string }[] = []) => ({
  type: 'LINUX_CONTAINER' as const,
  image: 'aws/codebuild/standard:7.0',
  computeType: 'BUILD_GENERAL1_SMALL' as const,
  environmentVariables: variables as never,
})

/** A buildspec with these phases: lists of commands, or whole phases. */
export function buildspec(phases: Record<string, string[] | object>, more: object = {}): string {
  const whole = Object.entries(phases).map(([name, one]) => [
    name,
    Array.isArray(one) ? { commands: one } : one,
  ])
  return JSON.stringify({ version: 0.2, phases: Object.fromEntries(whole), ...more })
}

const document = (Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })

export async function openBuilder(options: CloudOptions = {}) {
  const test = await startTestCloud(options)
  const codebuild = test.client(CodeBuildClient)
  const logs = test.client(CloudWatchLogsClient)

  /** Makes a role for CodeBuild (or another service) that may do this; gives its ARN. */
  async function role(name: string, allow: Allow[], service = 'codebuild.amazonaws.com'): Promise<string> {
    const iam = test.client(IAMClient)
    const AssumeRolePolicyDocument = document([
      { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' },
    ])
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }))
    const statements = allow.map((one) => ({ Effect: 'Allow', Resource: '*', ...one }))
    const PolicyDocument = document(statements)
    if (allow.length)
      await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'p', PolicyDocument }))
    return Role!.Arn!
  }

  const builderRole = await role('builder', [{ Action: 'logs:*' }])

  /** Makes a project without source and artifacts unless `more` says otherwise. */
  async function project(name: string, spec: string, more: Partial<CreateProjectCommandInput> = {}) {
    const made = await codebuild.send(
      new CreateProjectCommand({
        name,
        serviceRole: builderRole,
        source: { type: 'NO_SOURCE', buildspec: spec },
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: environment(),
        ...more,
      }),
    )
    return made.project!
  }

  async function start(projectName: string, more: Partial<StartBuildCommandInput> = {}): Promise<Build> {
    return (await codebuild.send(new StartBuildCommand({ projectName, ...more }))).build!
  }

  async function look(id: string): Promise<Build> {
    return (await codebuild.send(new BatchGetBuildsCommand({ ids: [id] }))).builds![0]!
  }

  /** Starts a build and gives it as it is at its end. */
  async function build(projectName: string, more: Partial<StartBuildCommandInput> = {}): Promise<Build> {
    const { id } = await start(projectName, more)
    await test.cloud.settled()
    return look(id!)
  }

  /** Makes a project and builds it once; gives the build and what its commands printed. */
  async function once(name: string, spec: string, more: Partial<CreateProjectCommandInput> = {}) {
    await project(name, spec, more)
    const made = await build(name)
    return { build: made, log: await log(made) }
  }

  /** The build's log; empty when there is none. */
  async function log({ logs: place }: Build): Promise<string> {
    if (!place?.groupName) return ''
    let text = ''
    let nextToken: string | undefined
    do {
      const input = { logGroupName: place.groupName, logStreamNames: [place.streamName!], nextToken }
      const page: Partial<FilterLogEventsCommandOutput> = await logs
        .send(new FilterLogEventsCommand(input))
        .catch((error) => {
          if (error.name === 'ResourceNotFoundException') return {}
          throw error
        })
      text += (page.events ?? []).map((one) => one.message).join('')
      nextToken = page.nextToken
    } while (nextToken)
    return text
  }

  return { ...test, codebuild, role, builderRole, project, start, look, build, once, log }
}

export type Builder = Awaited<ReturnType<typeof openBuilder>>

/** `PHASE STATUS` of every phase. */
export const phasesOf = ({ phases = [] }: Build): string[] =>
  phases.map((one) => [one.phaseType, one.phaseStatus].filter(Boolean).join(' '))

/** The code and message of the phase that failed. */
export function failureOf({ phases = [] }: Build): string {
  const failed = phases.find((one) => one.phaseStatus && one.phaseStatus !== 'SUCCEEDED')
  const context = failed?.contexts?.[0]
  return `${failed?.phaseType} ${context?.statusCode}: ${context?.message}`
}

/** The lines that commands printed, without CodeBuild's own. */
export const printed = (log: string): string[] =>
  log.split('\n').filter((line) => line && !line.startsWith('[Container]'))

export { HUB }
