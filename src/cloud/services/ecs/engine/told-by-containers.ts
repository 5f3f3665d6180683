/** What the containers of a task tell it: that they have ended, and whether they are healthy. */
import type { Context } from '../../../kernel/context.ts'
import { definitionKind } from '../kinds.ts'
import { type Container, services, type Task, tasks } from '../state.ts'
import { publishTask } from './publish.ts'
import { saveService, withEvent } from './service-record.ts'
import type { Told } from './start-task.ts'

const isEssential = (ctx: Context, { taskDefinition }: Task, name: string): boolean =>
  definitionKind.find(ctx, taskDefinition).definition.containerDefinitions?.find((one) => one.name === name)
    ?.essential !== false

/** Whether an essential container of a task has ended. */
export const hasEnded = (ctx: Context, task: Task): boolean =>
  task.containers.some(({ name, exitCode }) => exitCode !== undefined && isEssential(ctx, task, name))

type Stop = (task: Task, why?: Pick<Task, 'stopCode' | 'stoppedReason'>) => void

/** Keeps what is told, and has the task stop where it must: without a reason because of a container's end. */
export function toldOf(ctx: Context, arn: string, stop: Stop): Told {
  const change = (name: string, changes: Partial<Container>): Task | undefined => {
    const now = ctx.table(tasks).get(arn)
    if (!now || now.status === 'STOPPED') return undefined
    const containers = now.containers.map((one) => (one.name === name ? { ...one, ...changes } : one))
    const changed = { ...now, containers, version: now.version + 1 }
    ctx.table(tasks).put(arn, changed)
    publishTask(ctx, changed)
    return changed
  }
  return {
    ended: (name, { code, outOfMemory }) => {
      const reason = outOfMemory ? 'OutOfMemoryError: Container killed due to memory usage' : undefined
      const task = change(name, { exitCode: code, ...(reason && { reason }) })
      if (task?.status === 'RUNNING' && isEssential(ctx, task, name)) stop(task)
    },
    health: (name, health) => {
      const task = change(name, { health })
      if (health === 'UNHEALTHY' && task?.status === 'RUNNING' && isEssential(ctx, task, name))
        replace(ctx, task, stop)
    },
  }
}

/** AWS: a service replaces tasks whose essential containers are unhealthy; tasks that no service keeps go on. */
function replace(ctx: Context, task: Task, stop: Stop): void {
  const service = task.service === undefined ? undefined : ctx.table(services).get(task.service)
  if (!service) return
  saveService(ctx, withEvent(ctx, service, `(task ${task.id}) failed container health checks.`))
  stop(task, {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: 'Task failed container health checks',
  })
}
