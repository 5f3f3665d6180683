/** DeleteTaskDefinitions: deregistered revisions go for good, once nothing is made of them any more. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { describeDefinition } from '../engine/describe.ts'
import { definitionKind, invalid } from '../kinds.ts'
import { services, type TaskDefinition, taskDefinitions, taskSets, tasks } from '../state.ts'

/** AWS: as many at once. */
const MOST = 10

const isUsed = (ctx: Context, { arn }: TaskDefinition): boolean =>
  ctx
    .table(tasks)
    .values()
    .some(({ taskDefinition }) => taskDefinition === arn) ||
  ctx
    .table(taskSets)
    .values()
    .some(({ taskDefinition }) => taskDefinition === arn) ||
  ctx
    .table(services)
    .values()
    .some(
      ({ status, taskDefinition, deployments }) =>
        status !== 'INACTIVE' &&
        (taskDefinition === arn || deployments.some((one) => one.taskDefinition === arn)),
    )

/** AWS: one that is active, or not there, is a failure beside the rest. */
export const DeleteTaskDefinitions = operation({
  service: 'ecs',
  name: 'DeleteTaskDefinitions',
  access: ({ taskDefinitions: all = [] }, ctx) =>
    all.map((named) => definitionKind.on(ctx, 'DeleteTaskDefinitions', named)),
  run: ({ taskDefinitions: all = [] }, ctx) => {
    if (!all.length || all.length > MOST)
      throw invalid(`Between 1 and ${MOST} task definitions must be given.`)
    if (all.some((named) => !/:\d+$/.test(named))) throw invalid('Revision is missing.')
    const found = all.map((named) => ({ named, record: definitionKind.lookUp(ctx, named) }))
    return {
      taskDefinitions: found.flatMap(({ record }) =>
        record && record.status !== 'ACTIVE' ? [describeDefinition(deleted(ctx, record))] : [],
      ),
      failures: found.flatMap(({ named, record }) =>
        record && record.status !== 'ACTIVE'
          ? []
          : [
              {
                arn: definitionKind.on(ctx, '', named).resource,
                reason: record
                  ? 'The specified task definition is still in ACTIVE status. Please deregister the target and try again.'
                  : 'The specified task definition does not exist. Specify a valid account, family, revision and try again.',
              },
            ],
      ),
    }
  },
})

/** AWS: it is in progress as long as tasks or services are made of it. */
function deleted(ctx: Context, record: TaskDefinition): TaskDefinition {
  const going: TaskDefinition = { ...record, status: 'DELETE_IN_PROGRESS' }
  const key = `${record.family}:${record.revision}`
  if (isUsed(ctx, record)) ctx.table(taskDefinitions).put(key, going)
  else ctx.table(taskDefinitions).delete(key)
  return going
}
