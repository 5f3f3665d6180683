/** ExecuteCommand: no task can be run with it, and so it is answered as AWS does for such tasks. */
import { operation } from '../../../kernel/operation.ts'
import { clusterKind, invalid, taskKind } from '../kinds.ts'

export const ExecuteCommand = operation({
  service: 'ecs',
  name: 'ExecuteCommand',
  access: ({ cluster, task: named = '' }, ctx) => [taskKind.on(ctx, 'ExecuteCommand', { cluster, named })],
  run: ({ cluster, task: named = '' }, ctx) => {
    clusterKind.find(ctx, cluster)
    taskKind.find(ctx, { cluster, named })
    throw invalid(
      'The execute command failed because execute command was not enabled when the task was run or the execute command agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.',
    )
  },
})
