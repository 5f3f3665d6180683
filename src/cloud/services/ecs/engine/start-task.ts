/** Where a task comes to run: in containers of this machine, or simulated, which is said then. */
import { part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { definitionKind } from '../kinds.ts'
import { services, type Task, type TaskDefinition } from '../state.ts'
import { portsOf, unsupportedBy } from './containers/definition.ts'
import { readSecrets } from './containers/secrets.ts'
import { type Started, TaskRun } from './containers/task-run.ts'
import { ecrImage } from './pull-image.ts'
import { saveService, withEvent } from './service-record.ts'

/** By the task's ARN. */
const runs = part({
  name: 'containers of tasks',
  make: () => new Map<string, TaskRun>(),
  end: async (all) => {
    await Promise.all([...all.values()].map((run) => run.kill()))
  },
})

/** Why tasks were last said to be simulated. */
const said = part({ name: 'simulated tasks', make: () => ({ why: undefined as string | undefined }) })

export interface Pulled {
  /** The execution role. */
  readonly as: Identity | undefined
  /** By image; none of images outside ECR. */
  readonly digests: Readonly<Record<string, string>>
}

export type Told = Pick<Started, 'ended' | 'health'>

/** What came of a start: nothing but words, or containers. */
export type Begun =
  | { readonly simulated: true }
  | {
      readonly simulated: false
      /** The loopback ports behind the task's own. */
      readonly ports: ReadonlyMap<number, number>
      /** Whether an essential container has ended already. */
      readonly isOver: boolean
    }

/** Has a task run whose images are pulled. Errors: PullFailure in AWS's words. */
export async function startTask(
  ctx: Context,
  task: Task,
  { as, digests }: Pulled,
  told: Told,
): Promise<Begun> {
  const definition = definitionKind.find(ctx, task.taskDefinition)
  const why = await simulatedBecause(ctx, task, definition, digests)
  if (why !== undefined) {
    // One that goes on after a restart has said so.
    if (task.started !== undefined) return { simulated: true }
    saySimulated(ctx, task, why)
    // What starting takes is asked for all the same.
    const containers = definition.definition.containerDefinitions ?? []
    await readSecrets(
      ctx,
      as,
      containers.flatMap(({ secrets = [] }) => secrets),
    )
    return { simulated: true }
  }
  const engine = (await ctx.cloud.containers.engine())!
  const run = new TaskRun({ ctx, task, definition, as, digests, engine, ...told })
  const all = ctx.cloud.part(runs)
  all.set(task.arn, run)
  await run.start().catch((error) => {
    all.delete(task.arn)
    throw error
  })
  if (run.essentialExit) return { simulated: false, ports: new Map(), isOver: true }
  const ports = portsOf(definition.definition).map(async (port) => [port, await run.publish(port)] as const)
  return { simulated: false, ports: new Map(await Promise.all(ports)), isOver: false }
}

async function simulatedBecause(
  ctx: Context,
  task: Task,
  { definition }: TaskDefinition,
  digests: Pulled['digests'],
): Promise<string | undefined> {
  const { containers } = ctx.cloud
  if (!(await containers.engine())) return containers.why
  const outside = task.containers.find(({ image }) => !ecrImage(image) || digests[image] === undefined)
  if (outside) return `its image ${outside.image} is in no repository of the embedded ECR`
  return unsupportedBy(definition)
}

/** In the service's events, and on the cloud's terminal, once for each reason. */
function saySimulated(ctx: Context, task: Task, why: string): void {
  const known = ctx.cloud.part(said)
  if (known.why !== why)
    ctx.cloud.failures.tell({ what: 'tasks of ECS', message: `simulated, no container runs: ${why}` })
  known.why = why
  const service = task.service === undefined ? undefined : ctx.table(services).get(task.service)
  const text = `tasks are simulated by the embedded cloud: their roles are taken on and their images asked for, no container runs: ${why}.`
  if (service && !service.events.some(({ message }) => message.endsWith(text)))
    saveService(ctx, withEvent(ctx, service, text, service.told))
}

/** Ends the containers of a task; resolves when nothing is left. */
export async function endTask(ctx: Context, { arn }: Task): Promise<void> {
  await ctx.cloud.part(runs).get(arn)?.stop()
  ctx.cloud.part(runs).delete(arn)
}

/** Whether a task has containers that are to be ended. */
export const hasContainers = (ctx: Context, { arn }: Task): boolean => ctx.cloud.part(runs).has(arn)
