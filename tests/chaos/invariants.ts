/** What must hold once a system's life is over and the kills have stopped. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  ListStacksCommand,
  type StackEvent,
} from '@aws-sdk/client-cloudformation'
import { CodeBuildClient, ListBuildsCommand } from '@aws-sdk/client-codebuild'
import {
  type ActionExecutionDetail,
  CodePipelineClient,
  ListPipelinesCommand,
} from '@aws-sdk/client-codepipeline'
import type { Target } from '../../src/model/index.ts'
import { executions } from '../../src/operate/index.ts'
import { actionExecutions } from './drive-pipeline.ts'
import type { Visit } from './visit.ts'

const REGIONS = ['us-east-1', 'eu-west-1']

/** Tells of everything that does not hold in these accounts. */
export async function checkInvariants(visit: Visit, accounts: readonly string[]): Promise<void> {
  const targets = accounts.flatMap((account) => REGIONS.map((region) => ({ account, region })))
  const actions = (await Promise.all(targets.map((target) => pipelinesIn(visit, target)))).flat()
  for (const target of targets) await stacksIn(visit, target, actions)
  await buildsIn(visit, targets, actions)
}

/** Nothing is stuck. Gives what the pipelines ran. */
async function pipelinesIn(visit: Visit, target: Target): Promise<ActionExecutionDetail[]> {
  const client = await visit.accounts.client(CodePipelineClient, target)
  const { pipelines = [] } = await client.send(new ListPipelinesCommand({}))
  const found: ActionExecutionDetail[] = []
  for (const { name = '' } of pipelines) {
    for (const { status, pipelineExecutionId } of await executions(client, name))
      if (['InProgress', 'Stopping'].includes(status ?? ''))
        visit.find('executions stuck', `${name} ${pipelineExecutionId} is ${status}`)
    const actions = await actionExecutions(client, name)
    for (const { status, actionName, actionExecutionId } of actions)
      if (status === 'InProgress')
        visit.find('executions stuck', `${name} ${actionName} ${actionExecutionId} is ${status}`)
    found.push(...actions)
  }
  return found
}

/** No stack went back, and none was worked on more often than its pipeline's actions and people asked for. */
async function stacksIn(
  visit: Visit,
  target: Target,
  actions: readonly ActionExecutionDetail[],
): Promise<void> {
  const client = await visit.accounts.client(CloudFormationClient, target)
  const { StackSummaries = [] } = await client.send(new ListStacksCommand({}))
  for (const { StackId: StackName, StackName: name } of StackSummaries) {
    const events: StackEvent[] = []
    let NextToken: string | undefined
    do {
      const answer = await client.send(new DescribeStackEventsCommand({ StackName, NextToken }))
      events.push(...(answer.StackEvents ?? []))
      NextToken = answer.NextToken
    } while (NextToken)
    const where = `${name} in ${target.account} ${target.region}`
    const failed = events.find(({ ResourceStatus }) => /ROLLBACK|_FAILED$/.test(ResourceStatus ?? ''))
    if (failed)
      visit.find(
        'stacks rolled back',
        `${where}: ${failed.LogicalResourceId} ${failed.ResourceStatus}: ${firstReason(events)}`,
      )
    const asked = actions.filter((one) => executes(one, name ?? '', target)).length
    const byHand = 1
    const done = events.filter(
      (one) =>
        one.PhysicalResourceId === StackName && /^(CREATE|UPDATE)_COMPLETE$/.test(one.ResourceStatus ?? ''),
    ).length
    if (asked && done > asked + byHand)
      visit.find('actions run twice', `${where} was changed ${done} times by ${asked} actions`)
  }
}

const firstReason = (events: readonly StackEvent[]): string | undefined =>
  events.findLast(
    (one) => one.ResourceStatus?.endsWith('_FAILED') && !/cancelled/.test(one.ResourceStatusReason ?? ''),
  )?.ResourceStatusReason

const executes = ({ input }: ActionExecutionDetail, stack: string, target: Target): boolean => {
  const { StackName, ActionMode = '' } = input?.resolvedConfiguration ?? input?.configuration ?? {}
  return (
    StackName === stack &&
    input?.region === target.region &&
    (input?.roleArn ?? '').includes(target.account) &&
    ['CHANGE_SET_EXECUTE', 'CREATE_UPDATE', 'REPLACE_ON_FAILURE'].includes(ActionMode)
  )
}

/** Every build belongs to one action execution, and none ran its commands twice. */
async function buildsIn(
  visit: Visit,
  targets: readonly Target[],
  actions: readonly ActionExecutionDetail[],
): Promise<void> {
  const owned = actions.flatMap(({ output }) => output?.executionResult?.externalExecutionId ?? [])
  for (const target of targets) {
    const client = await visit.accounts.client(CodeBuildClient, target)
    const { ids = [] } = await client.send(new ListBuildsCommand({}))
    for (const id of ids)
      if (!owned.includes(id)) visit.find('actions run twice', `no action execution knows of the build ${id}`)
  }
  const text = await readFile(join(visit.cloud.work, 'builds'), 'utf8').catch(() => '')
  const ran = text.split('\n').filter(Boolean)
  for (const id of new Set(ran.filter((one, place) => ran.indexOf(one) !== place)))
    visit.find('actions run twice', `the build ${id} ran its commands more than once`)
}
