/** Deploys one stack: looks, computes the change, carries it out, follows it to its end. */
import { CloudFormationClient, type StackEvent } from '@aws-sdk/client-cloudformation'
import type { Accounts, OpenAccounts } from '../aws/index.ts'

import { type AssemblyStack, FleetError } from '../model/index.ts'

import { DeploymentFailure } from './deployment-failure.ts'
import { withDigest } from './digest.ts'
import type { Listener, StackOutcome } from './events.ts'
import { examine, type Look } from './examine.ts'
import type { LockContext } from './lock.ts'
import type { FleetPlan } from './plan/plan.ts'
import type { Concurrency } from './slots.ts'
import { clearFailedStack } from './steps/clear-failed-stack.ts'
import { type ChangeSet, createChangeSet } from './steps/create-change-set.ts'
import { executeChangeSet } from './steps/execute-change-set.ts'
import { explainFailure } from './steps/explain-failure.ts'
import { followStack } from './steps/follow-stack.ts'
import type { Pace } from './steps/pace.ts'
import { refuseTakenNames } from './steps/refuse-taken-names.ts'
import { sendTemplate } from './steps/send-template.ts'
import { isIdle, waitForStack } from './steps/wait-for-stack.ts'

export interface DeployContext {
  readonly accounts: Accounts
  readonly render: (stack: AssemblyStack) => string
  readonly listener: Listener
  readonly pace: Pace
  readonly now: () => number
  /** A token that is new for every deployment; names its change sets and marks its operations. */
  readonly token: string
  /** Reaches accounts too that have left the fleet file; without it they are told and not looked into. */
  readonly reach?: OpenAccounts
  /** Is shown what would be done, and says whether it is; without it all is done. */
  readonly proceed?: (plan: FleetPlan) => Promise<boolean>
  /** Who deploys, for the fleet's lock; without it nobody is kept from deploying at the same time. */
  readonly lock?: Omit<LockContext, 'accounts' | 'now'>
  /** The stacks of the assembly that are deployed; all without it. */
  readonly only?: ReadonlySet<AssemblyStack>
  /** Default: CONCURRENCY. */
  readonly concurrency?: Concurrency
  /** Has CloudFormation compare every stack, also one that says that it was deployed from the same template. */
  readonly force?: boolean
  /** Deploys stacks too that say that they are another fleet's. */
  readonly takeOver?: boolean
}

const GOOD = ['CREATE_COMPLETE', 'UPDATE_COMPLETE']

/** Milliseconds for which what was seen when the wave began may be built upon. */
const FRESH = 30_000

/**
 * Brings a stack to what it should be. One that is still busy from an earlier run is waited for; one that would not
 * change is left alone. Errors: DeploymentFailure.
 */
export async function deployStack(context: DeployContext, look: Look, stack: AssemblyStack): Promise<void> {
  const started = context.now()
  context.listener({ type: 'stack-started', stack })
  const outcome = await carryOut(context, look, stack).catch((error: Error) => {
    const failure =
      error instanceof DeploymentFailure ? error.failures[0]! : { ...placeOf(stack), reason: reasonOf(error) }
    context.listener({ type: 'stack-failed', stack, failure })
    throw new DeploymentFailure([failure], { cause: error })
  })
  context.listener({ type: 'stack-done', stack, outcome, milliseconds: context.now() - started })
}

const placeOf = ({ name, target, environment }: AssemblyStack) => ({ stack: name, target, environment })

const reasonOf = (error: Error): string =>
  error instanceof FleetError && error.fix ? `${error.message} (${error.fix})` : error.message

async function carryOut(context: DeployContext, look: Look, given: AssemblyStack): Promise<StackOutcome> {
  const { accounts, pace, token } = context
  await accounts.verify(given.target)
  const { seen, stack, values, isUnchanged } = await examine(look, given)
  if (!context.force && isUnchanged) return 'unchanged'
  const client = await accounts.client(CloudFormationClient, stack.target)
  const isFresh = context.now() - look.at < FRESH && (!seen || isIdle(seen))
  const idle = isFresh ? seen : await waitForStack(client, stack.name, pace)
  const existing = await clearFailedStack(client, idle, pace)
  if (!existing) await refuseTakenNames(client, stack)
  const marked = { ...stack, template: withDigest(stack) }
  // Last of all that can fail before CloudFormation reads it, so that nothing is left in the bucket.
  const sent = await sendTemplate(accounts, marked, context.render(marked), token)
  const changeSet = await createChangeSet(client, stack, {
    create: !existing,
    source: sent.source,
    parameters: values,
    pace,
    token,
  }).finally(sent.remove)
  if (!changeSet) return 'unchanged'
  await executeChangeSet(client, changeSet, token)
  await follow(context, client, stack, changeSet)
  return existing ? 'updated' : 'created'
}

/** Tells of every resource event while the stack is busy. Errors: DeploymentFailure where it does not end well. */
async function follow(
  { listener, pace, token }: DeployContext,
  client: CloudFormationClient,
  stack: AssemblyStack,
  changeSet: ChangeSet,
): Promise<void> {
  const tell = (event: StackEvent) =>
    listener({
      type: 'resource',
      stack,
      logicalId: event.LogicalResourceId ?? '',
      resourceType: event.ResourceType ?? '',
      status: event.ResourceStatus ?? '',
      reason: event.ResourceStatusReason,
    })
  const { stack: ended, events } = await followStack(client, changeSet, { token, pace, tell })
  if (GOOD.includes(ended?.StackStatus ?? '')) return
  throw new DeploymentFailure([explainFailure(stack, ended, events)])
}
