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
import { mayHaveActed } from '../../aws/index.ts'
import type { AssemblyStack } from '../../model/index.ts'
import { changeSetName } from '../digest.ts'
import { type Pace, resting } from './pace.ts'
import type { SentTemplate } from './send-template.ts'

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
  const { Id, StackId } = await ask(
    client,
    new CreateChangeSetCommand({
      StackName: stack.name,
      ChangeSetName: changeSetName(options.token),
      ClientToken: options.token,
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

/**
 * The name is this deployment's alone, so a set that holds it already was made by a try whose answer was lost.
 * AWS: `ClientToken` is for that as well, and says so of a call that is tried again; what it answers then is not told.
 */
async function ask(
  client: CloudFormationClient,
  asked: CreateChangeSetCommand,
): Promise<{ Id: string; StackId: string }> {
  const { StackName, ChangeSetName } = asked.input
  const found = await client.send(asked).catch(async (error: Error) => {
    if (!/^(AlreadyExists|TokenAlreadyExists)(Exception)?$/.test(error.name) || !mayHaveActed(error))
      throw error
    const made = await client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName }))
    return { Id: made.ChangeSetId, StackId: made.StackId }
  })
  if (found.Id === undefined || found.StackId === undefined)
    throw new Error(`CloudFormation gave no id for the change set ${ChangeSetName}`)
  return { Id: found.Id, StackId: found.StackId }
}

async function waitForChangeSet(
  client: CloudFormationClient,
  id: string,
  pace: Pace,
): Promise<DescribeChangeSetOutput> {
  const rest = resting(pace)
  for (;;) {
    const described = await client.send(new DescribeChangeSetCommand({ ChangeSetName: id }))
    if (!/PENDING|IN_PROGRESS/.test(described.Status ?? '')) return described
    await rest()
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
