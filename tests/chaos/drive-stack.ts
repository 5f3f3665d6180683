/** Creates, updates and deletes stacks as a client does that may lose any answer. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import type { Target } from '../../src/model/index.ts'
import type { Visit } from './visit.ts'

export interface StackPlace {
  readonly stack: string
  readonly target: Target
}

export interface StackInput extends StackPlace {
  readonly template: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
}

/** How long a stack may be at work, in milliseconds. */
const ENDS_WITHIN = 90_000

const nameOf = ({ stack, target }: StackPlace): string => `${stack} in ${target.account} ${target.region}`

export async function findStack(
  { accounts }: Visit,
  { stack, target }: StackPlace,
): Promise<Stack | undefined> {
  const client = await accounts.client(CloudFormationClient, target)
  try {
    return (await client.send(new DescribeStacksCommand({ StackName: stack }))).Stacks?.[0]
  } catch (error) {
    if (/does not exist/.test((error as Error).message)) return undefined
    throw error
  }
}

/** Creates or updates a stack, and gives its outputs. */
export async function putStack(visit: Visit, input: StackInput): Promise<Record<string, string>> {
  const client = await visit.accounts.client(CloudFormationClient, input.target)
  const existing = await findStack(visit, input)
  const command = {
    StackName: input.stack,
    TemplateBody: input.template,
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
    Parameters: Object.entries(input.parameters ?? {}).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Tags: Object.entries(input.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
  }
  try {
    await client.send(existing ? new UpdateStackCommand(command) : new CreateStackCommand(command))
  } catch (error) {
    // It was begun by a call whose answer a kill took; or, of an update, it has ended since.
    const { name, message } = error as Error
    if (!/AlreadyExists/.test(name) && !/No updates|_IN_PROGRESS state/.test(message)) throw error
  }
  acknowledgeStack(visit, input)
  const ended = await endOf(visit, input)
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(ended?.StackStatus ?? ''))
    throw new Error(`stack ${nameOf(input)} is ${ended?.StackStatus}: ${await firstReason(visit, input)}`)
  return Object.fromEntries((ended?.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue ?? '']))
}

/** The stack is there from now on, until it is deleted. */
export function acknowledgeStack(visit: Visit, place: StackPlace): void {
  visit.ledger.acknowledge(`stack ${nameOf(place)}`, async () => {
    const found = await findStack(visit, place)
    if (!found) return 'there is no such stack'
    return found.StackStatus?.endsWith('_COMPLETE') ? undefined : `it is ${found.StackStatus}`
  })
}

/** Gives why a stack failed first. */
async function firstReason({ accounts }: Visit, { stack, target }: StackPlace): Promise<string | undefined> {
  const client = await accounts.client(CloudFormationClient, target)
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stack }))
  return StackEvents.findLast(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'))
    ?.ResourceStatusReason
}

export async function removeStack(visit: Visit, place: StackPlace): Promise<void> {
  const client = await visit.accounts.client(CloudFormationClient, place.target)
  await client.send(new DeleteStackCommand({ StackName: place.stack }))
  visit.ledger.forget(`stack ${nameOf(place)}`)
  visit.ledger.acknowledge(`DeleteStack ${nameOf(place)}`, async () =>
    (await findStack(visit, place)) ? 'the stack is still there' : undefined,
  )
  const ended = await endOf(visit, place)
  if (ended) throw new Error(`stack ${nameOf(place)} is ${ended.StackStatus}: ${ended.StackStatusReason}`)
}

async function endOf(visit: Visit, place: StackPlace): Promise<Stack | undefined> {
  const deadline = Date.now() + ENDS_WITHIN
  for (;;) {
    const found = await findStack(visit, place)
    if (!found?.StackStatus?.endsWith('_IN_PROGRESS')) return found
    if (Date.now() > deadline) {
      visit.find('executions stuck', `stack ${nameOf(place)} stays ${found.StackStatus}`)
      return found
    }
    await sleep(30)
  }
}
