/** StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask: dead letters go back to where they came from. */
import { type Arn, AwsError, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { moveMessages } from '../engine/move-messages.ts'
import { redriveOf } from '../engine/queue-attributes.ts'
import { invalidValue, unsupported } from '../engine/refuse.ts'
import { present } from '../engine/take-messages.ts'
import { named, queueKind } from '../kinds.ts'
import { type MoveTask, moveTasks, queues } from '../state.ts'

/** Errors: InvalidParameterValue for what is no ARN of a queue of this region. */
function nameOf(ctx: Context, arn: Arn): string {
  const { service, region, account, resource } = parseArn(arn) ?? {}
  if (service !== 'sqs' || region !== ctx.region || account === undefined || !resource)
    throw invalidValue(`The ARN ${arn} is not that of a queue of this region.`)
  return named(account, resource)
}

const notFound = (): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    "The resource that you specified for the SourceArn parameter doesn't exist.",
  )

/**
 * AWS: the source is a queue of dead letters of other queues; who moves must be allowed to receive and delete there, and to
 * send to where they go ("Configure queue permissions").
 */
export const StartMessageMoveTask = operation({
  service: 'sqs',
  name: 'StartMessageMoveTask',
  access: ({ SourceArn, DestinationArn }, ctx) => {
    const on = (action: string, arn: Arn) => queueKind.on(ctx, action, nameOf(ctx, arn))
    return [
      ...['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) =>
        on(action, SourceArn),
      ),
      ...(DestinationArn ? [on('SendMessage', DestinationArn)] : []),
    ]
  },
  run: ({ SourceArn: source, DestinationArn: destination, MaxNumberOfMessagesPerSecond }, ctx) => {
    refuseUnsupported({ MaxNumberOfMessagesPerSecond }, ['MaxNumberOfMessagesPerSecond'])
    const queue = queueKind.find(ctx, nameOf(ctx, source), notFound)
    if (destination) queueKind.find(ctx, nameOf(ctx, destination), notFound)
    const isGrave = ctx
      .table(queues)
      .values()
      .some(({ attributes: { RedrivePolicy: redrive } }) => redrive && redriveOf(redrive).target === source)
    if (!isGrave) throw invalidValue('Source queue must be configured as a Dead Letter Queue.')
    const running = ctx
      .table(moveTasks)
      .values()
      .some((one) => one.source === source && one.status === 'RUNNING')
    if (running)
      throw unsupported(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      )
    const task: MoveTask = {
      id: ctx.cloud.ids.uuid(),
      ...{ source, destination, status: 'RUNNING' },
      started: ctx.cloud.clock.now(),
      toMove: present(ctx, queue).length,
      moved: 0,
    }
    forgetOld(ctx, source)
    ctx.table(moveTasks).put(task.id, task)
    ctx.spawn('move dead letters', async (own) => moveMessages(own, task.id))
    return { TaskHandle: handleOf(task) }
  },
})

/** AWS: ten at most are told of a queue. */
function forgetOld(ctx: Context, source: Arn): void {
  const table = ctx.table(moveTasks)
  const all = table.values().filter((one) => one.source === source)
  for (const { id } of all.slice(0, Math.max(0, all.length - 9))) table.delete(id)
}

const handleOf = ({ id, source }: MoveTask): string =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn: source })).toString('base64')

/** AWS: the newest first, one unless said otherwise. A handle is told of a running task alone. */
export const ListMessageMoveTasks = operation({
  service: 'sqs',
  name: 'ListMessageMoveTasks',
  access: ({ SourceArn }, ctx) => [queueKind.on(ctx, 'ListMessageMoveTasks', nameOf(ctx, SourceArn))],
  run: ({ SourceArn, MaxResults: most = 1 }, ctx) => {
    queueKind.find(ctx, nameOf(ctx, SourceArn), notFound)
    if (most < 1 || most > 10) throw invalidValue('MaxResults must be between 1 and 10.')
    const tasks = ctx
      .table(moveTasks)
      .values()
      .filter(({ source }) => source === SourceArn)
      .toReversed()
    return {
      Results: tasks.slice(0, most).map((task) => ({
        TaskHandle: task.status === 'RUNNING' ? handleOf(task) : undefined,
        Status: task.status,
        SourceArn,
        DestinationArn: task.destination,
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.toMove,
        FailureReason: task.failure,
        StartedTimestamp: task.started,
      })),
    }
  },
})

/** AWS: what has been moved stays where it is. */
export const CancelMessageMoveTask = operation({
  service: 'sqs',
  name: 'CancelMessageMoveTask',
  access: ({ TaskHandle }, ctx) => [
    queueKind.on(ctx, 'CancelMessageMoveTask', nameOf(ctx, readHandle(TaskHandle).sourceArn)),
  ],
  run: ({ TaskHandle }, ctx) => {
    const { taskId } = readHandle(TaskHandle)
    const task = ctx.table(moveTasks).get(taskId)
    if (task?.status !== 'RUNNING') throw new AwsError('ResourceNotFoundException', 'Task does not exist.')
    ctx.table(moveTasks).put(taskId, { ...task, status: 'CANCELLED' })
    return { ApproximateNumberOfMessagesMoved: task.moved }
  },
})

function readHandle(handle: string): { readonly taskId: string; readonly sourceArn: string } {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString())
    return { taskId: String(taskId), sourceArn: String(sourceArn) }
  } catch {
    throw invalidValue('Value for parameter TaskHandle is invalid.')
  }
}
