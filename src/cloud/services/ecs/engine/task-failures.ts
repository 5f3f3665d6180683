/** What a service tells of tasks that fail to start. */
import type { Context } from '../../../kernel/context.ts'
import type { Service, Task } from '../state.ts'
import { publishAction } from './publish.ts'
import { withEvent } from './service-record.ts'

/** AWS: a task has failed that did not come to run (Deployment.failedTasks). */
export const hasFailed = ({ status, started, stopCode }: Task): boolean =>
  status === 'STOPPED' &&
  started === undefined &&
  (stopCode === 'TaskFailedToStart' || stopCode === 'EssentialContainerExited')

/** Gives the service with its event of a task that failed, which is told on the cloud's terminal too. */
export function toldFailure(ctx: Context, service: Service, task: Task): Service {
  const message = task.stoppedReason ?? ''
  const what = `a task of the service ${service.name} of ${ctx.account} in ${ctx.region}`
  ctx.cloud.failures.tell({ what, message })
  return withEvent(ctx, service, `(task ${task.id}) failed to start: ${message}`)
}

/** AWS: told once, when as many failed in a row as would trip the circuit breaker. */
export function impaired(ctx: Context, service: Service): Service {
  publishAction(ctx, service, 'WARN', 'SERVICE_TASK_START_IMPAIRED')
  return withEvent(ctx, service, 'is unable to consistently start tasks successfully.')
}
