/** Has CloudFormation compute what a template would change. */
import {
  type Capability,
  type Change,
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
} from '@aws-sdk/client-cloudformation'
import type { AssemblyStack } from '../../model/index.ts'
import type { SentTemplate } from './send-template.ts'
import type { Pace } from './wait-for-stack.ts'

export interface ChangeSet {
  readonly id: string
  readonly stackId: string
  readonly changes: readonly Change[]
}

/** AWS: how a change set without changes fails; the second wording is that of templates with transforms. */
const NO_CHANGES = /didn't contain changes|No updates are to be performed/

/** Gives the change set, or undefined when it would change nothing. Errors: an Error with CloudFormation's reason. */
export async function createChangeSet(
  client: CloudFormationClient,
  stack: AssemblyStack,
  options: {
    create: boolean
    source: SentTemplate['source']
    parameters: Readonly<Record<string, string>>
    pace: Pace
    token: string
  },
): Promise<ChangeSet | undefined> {
  const ChangeSetName = `crossdock-${options.token}`
  const { Id = '', StackId = '' } = await client.send(
    new CreateChangeSetCommand({
      StackName: stack.name,
      ChangeSetName,
      ChangeSetType: options.create ? 'CREATE' : 'UPDATE',
      ...options.source,
      Capabilities: [...stack.capabilities] as Capability[],
      Parameters: Object.entries(options.parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  )
  const described = await waitForChangeSet(client, Id, options.pace)
  if (described.Status === 'CREATE_COMPLETE')
    return { id: Id, stackId: StackId, changes: await allChanges(client, Id, described) }
  await client.send(new DeleteChangeSetCommand({ ChangeSetName: Id })).catch(() => undefined)
  if (NO_CHANGES.test(described.StatusReason ?? '')) return undefined
  throw new Error(described.StatusReason ?? `the change set ended as ${described.Status}`)
}

async function waitForChangeSet(
  client: CloudFormationClient,
  id: string,
  pace: Pace,
): Promise<DescribeChangeSetOutput> {
  for (let wait = Math.min(10, pace.interval); ; wait = Math.min(wait * 1.5, pace.interval)) {
    const described = await client.send(new DescribeChangeSetCommand({ ChangeSetName: id }))
    if (!/PENDING|IN_PROGRESS/.test(described.Status ?? '')) return described
    await pace.sleep(wait)
  }
}

async function allChanges(
  client: CloudFormationClient,
  id: string,
  first: DescribeChangeSetOutput,
): Promise<Change[]> {
  const changes = [...(first.Changes ?? [])]
  for (let token = first.NextToken; token; ) {
    const page = await client.send(new DescribeChangeSetCommand({ ChangeSetName: id, NextToken: token }))
    changes.push(...(page.Changes ?? []))
    token = page.NextToken
  }
  return changes
}
