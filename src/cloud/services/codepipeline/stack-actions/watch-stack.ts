/** Looking at a stack, and waiting until what happens to it is over. */
import type { Stack, StackEvent } from '@aws-sdk/client-cloudformation'
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { EventKind } from '../../../kernel/event-bus.ts'
import { stackChanged } from '../../../kernel/service-events.ts'
import { watch as watchCloud } from '../../../kernel/watch.ts'
import { pack } from '../../../machine/archive.ts'
import { ActionFailure, type ActionJob, isDenial, type Outcome } from '../providers/runner.ts'

export const stackName = ({ configuration }: ActionJob): string => configuration.StackName ?? ''

/** Gives the stack; undefined where there is none. Errors: CloudFormation's. */
export async function describeStack(job: ActionJob, name = stackName(job)): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await job.call('cloudformation', 'DescribeStacks', { StackName: name })
    return Stacks[0] as Stack | undefined
  } catch (error) {
    if (error instanceof AwsError && /does not exist/.test(error.message)) return undefined
    throw error
  }
}

/** As the kernel's, for an action. */
export const watch = <E, T, R>(
  job: ActionJob,
  kind: EventKind<E>,
  concerns: (told: E) => boolean,
  look: () => Promise<T>,
  done: (seen: T) => R | undefined,
): Promise<R> => watchCloud(job.ctx.cloud, kind, concerns, look, done)

const inProgress = (stack: Stack): boolean => (stack.StackStatus ?? '').endsWith('_IN_PROGRESS')

/** Waits until nothing happens to the stack any more; undefined when it is gone. */
export async function waitForStack(job: ActionJob, id?: string): Promise<Stack | undefined> {
  const { account, region } = job
  const stackId = id ?? formatArn('cloudformation', region, account, `stack/${stackName(job)}/`)
  const over = await watch(
    job,
    stackChanged,
    ({ stack }) => stack.startsWith(stackId),
    () => describeStack(job, id),
    (stack) =>
      stack && inProgress(stack) && stack.StackStatus !== 'REVIEW_IN_PROGRESS' ? undefined : { stack },
  )
  const { stack } = over
  return stack?.StackStatus === 'DELETE_COMPLETE' ? undefined : stack
}

/** Gives what CodePipeline shows of a stack. */
export function externalOf({ region }: ActionJob, id: string) {
  const encoded = encodeURIComponent(id)
  return {
    id,
    url: `https://console.aws.amazon.com/cloudformation/home?region=${region}#/stack/detail?stackId=${encoded}`,
  }
}

/**
 * Gives the action's outcome for the state a stack has come to rest in.
 * Errors: ActionFailure with the first resource that failed and why.
 */
export async function outcomeOf(job: ActionJob, stack: Stack): Promise<Outcome> {
  const id = stack.StackId ?? ''
  const external = externalOf(job, id)
  if (stack.StackStatus !== 'CREATE_COMPLETE' && stack.StackStatus !== 'UPDATE_COMPLETE')
    throw new ActionFailure(failureOf(job, stack, await eventsOf(job, id)), { external })
  return { ...(await outputsOf(job, stack)), external: { ...external, summary: stack.StackStatus } }
}

/** AWS: the events are asked for where an action fails; whoever may not see them gets a message with less in it. */
async function eventsOf(job: ActionJob, id: string): Promise<readonly StackEvent[]> {
  try {
    const { StackEvents = [] } = await job.call('cloudformation', 'DescribeStackEvents', { StackName: id })
    return StackEvents as StackEvent[]
  } catch (error) {
    if (isDenial(error)) return []
    throw error
  }
}

/** Gives the stack's outputs as variables and, where asked for, as a file in the output artifact. */
export async function outputsOf(
  job: ActionJob,
  stack: Stack | undefined,
): Promise<Pick<Outcome, 'variables'>> {
  const outputs = (stack?.Outputs ?? []).map((one) => [one.OutputKey ?? '', one.OutputValue ?? ''] as const)
  const variables = Object.fromEntries(outputs)
  const { OutputFileName: name } = job.configuration
  const [artifact] = job.outputs
  if (artifact && name)
    await job.write(artifact, await pack([{ name, content: Buffer.from(JSON.stringify(variables)) }]))
  return { variables }
}

function failureOf(job: ActionJob, stack: Stack, newestFirst: readonly StackEvent[]): string {
  const began = newestFirst.findIndex(
    (event) =>
      event.PhysicalResourceId === stack.StackId &&
      /^(CREATE|UPDATE)_IN_PROGRESS$/.test(event.ResourceStatus ?? ''),
  )
  const latest = began < 0 ? newestFirst : newestFirst.slice(0, began)
  const failed = latest
    .filter(
      (event) => event.ResourceStatus?.endsWith('_FAILED') && event.PhysicalResourceId !== stack.StackId,
    )
    .filter((event) => !/cancelled/i.test(event.ResourceStatusReason ?? ''))
    .at(-1)
  const what = `Stack ${stack.StackName} in ${job.account} ${job.region} is in status ${stack.StackStatus}`
  if (!failed) return `${what}. ${stack.StackStatusReason ?? ''}`.trim()
  return `${what}. ${failed.LogicalResourceId} (${failed.ResourceType}): ${failed.ResourceStatusReason}`
}
