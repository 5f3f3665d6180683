/** Deploys one stack: looks, computes the change, carries it out, follows it to its end. */
import { CloudFormationClient, ExecuteChangeSetCommand } from '@aws-sdk/client-cloudformation'
import type { Accounts } from '../aws/index.ts'
import { type AssemblyStack, entryOf, setEntry } from '../model/index.ts'
import { DeploymentFailure } from './deployment-failure.ts'
import type { Listener, StackOutcome } from './events.ts'
import { clearFailedStack } from './steps/clear-failed-stack.ts'
import { createChangeSet } from './steps/create-change-set.ts'
import { explainFailure } from './steps/explain-failure.ts'
import { findStack, outputsOf } from './steps/find-stack.ts'
import { sendTemplate } from './steps/send-template.ts'
import { eventsSince, type Pace, waitForStack } from './steps/wait-for-stack.ts'

export interface DeployContext {
  readonly accounts: Accounts
  readonly render: (stack: AssemblyStack) => string
  readonly listener: Listener
  readonly pace: Pace
  readonly now: () => number
  /** A token that is new for every deployment; names its change sets. */
  readonly token: string
}

const GOOD = ['CREATE_COMPLETE', 'UPDATE_COMPLETE']

/**
 * Gives the stack's outputs. A stack that is still busy from an earlier run is waited for; one that would not change is
 * left alone. Errors: DeploymentFailure.
 */
export async function deployStack(
  context: DeployContext,
  stack: AssemblyStack,
): Promise<Record<string, string>> {
  const started = context.now()
  context.listener({ type: 'stack-started', stack })
  const { outcome, outputs } = await carryOut(context, stack).catch((error: Error) => {
    const failure =
      error instanceof DeploymentFailure
        ? error.failures[0]!
        : { stack: stack.name, target: stack.target, environment: stack.environment, reason: error.message }
    context.listener({ type: 'stack-failed', stack, failure })
    throw new DeploymentFailure([failure])
  })
  context.listener({ type: 'stack-done', stack, outcome, milliseconds: context.now() - started })
  return outputs
}

async function carryOut(
  context: DeployContext,
  stack: AssemblyStack,
): Promise<{ outcome: StackOutcome; outputs: Record<string, string> }> {
  const { accounts, pace } = context
  await accounts.verify(stack.target)
  const client = await accounts.client(CloudFormationClient, stack.target)
  const idle = await waitForStack(client, stack.name, pace)
  const existing = await clearFailedStack(client, idle, pace)
  const values = await parameters(context, stack)
  // Last of all that can fail before CloudFormation reads it, so that nothing is left in the bucket.
  const sent = await sendTemplate(accounts, stack, context.render(stack), context.token)
  const changeSet = await createChangeSet(client, stack, {
    create: !existing,
    source: sent.source,
    parameters: values,
    pace,
    token: context.token,
  }).finally(sent.remove)
  if (!changeSet) return { outcome: 'unchanged', outputs: outputsOf(existing) }
  // Events carry AWS's clock, which may differ from ours: take the last event's time as the start.
  const before = await eventsSince(client, changeSet.stackId, new Date(0))
  const since = new Date((before.at(-1)?.Timestamp?.getTime() ?? 0) + 1)
  await client.send(new ExecuteChangeSetCommand({ ChangeSetName: changeSet.id }))
  const ended = await follow(context, client, stack, changeSet.stackId, since)
  const status = ended?.StackStatus
  if (!GOOD.includes(status ?? ''))
    throw new DeploymentFailure([
      await explainFailure(client, stack, {
        stackId: changeSet.stackId,
        since,
        status,
        statusReason: ended?.StackStatusReason,
      }),
    ])
  return { outcome: existing ? 'updated' : 'created', outputs: outputsOf(ended) }
}

async function parameters(context: DeployContext, stack: AssemblyStack): Promise<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const [name, { stack: from, target, output }] of Object.entries(stack.parametersFrom)) {
    const client = await context.accounts.client(CloudFormationClient, target)
    const value = entryOf(outputsOf(await findStack(client, from)), output)
    if (value === undefined)
      throw new Error(`the stack ${from} in ${target.account}/${target.region} has no output "${output}"`)
    setEntry(values, name, value)
  }
  return values
}

/** Tells of every resource event while the stack is busy, each once. */
async function follow(
  context: DeployContext,
  client: CloudFormationClient,
  stack: AssemblyStack,
  stackId: string,
  since: Date,
) {
  const told = new Set<string>()
  const tell = async () => {
    for (const event of await eventsSince(client, stackId, since)) {
      if (!event.EventId || told.has(event.EventId)) continue
      told.add(event.EventId)
      context.listener({
        type: 'resource',
        stack,
        logicalId: event.LogicalResourceId ?? '',
        resourceType: event.ResourceType ?? '',
        status: event.ResourceStatus ?? '',
        reason: event.ResourceStatusReason,
      })
    }
  }
  const pace: Pace = {
    interval: context.pace.interval,
    sleep: async (milliseconds) => {
      await context.pace.sleep(milliseconds)
      await tell()
    },
  }
  const ended = await waitForStack(client, stackId, pace)
  await tell()
  return ended
}
