/** The private network of tasks: the address of each, and who answers there. */
import { part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { type PrivateAnswer, privateNetwork } from '../../../kernel/private-network.ts'
import { definitionKind, shortName } from '../kinds.ts'
import type { Attachment, NetworkConfiguration, Task } from '../state.ts'
import { simulatedStatus } from './simulated.ts'

/** What ends the answers of a task, by its ARN. */
const listening = part({ name: 'tasks that answer', make: () => new Map<string, (() => void)[]>() })

/** Gives the network interface of a task that is about to begin, with an address of its own. */
export function attach(ctx: Context, id: string, network: NetworkConfiguration): Attachment {
  const subnets = network?.awsvpcConfiguration?.subnets ?? []
  const { ids } = ctx.cloud
  return {
    id: ids.uuid(),
    interface: `eni-0${ids.uuid().replaceAll('-', '').slice(0, 16)}`,
    subnet: subnets[Number.parseInt(id.slice(0, 8), 16) % subnets.length] ?? '',
    ip: ctx.cloud.part(privateNetwork).take(ctx),
  }
}

/** Takes the address of a task again after a restart. */
export const attachAgain = (ctx: Context, { attachment }: Task): void =>
  void ctx.cloud.part(privateNetwork).take(ctx, attachment.ip)

/**
 * Has a task answer at the ports of its containers: at those of this machine that `published` gives, or where no
 * container runs by words over HTTP.
 */
export function answer(ctx: Context, task: Task, published?: ReadonlyMap<number, number>): void {
  const { definition } = definitionKind.find(ctx, task.taskDefinition)
  const { account, region } = ctx
  const ports = (definition.containerDefinitions ?? []).flatMap(({ name = '', portMappings = [] }) =>
    portMappings.map(({ containerPort = 0 }) => ({ name, port: containerPort })),
  )
  const ends = ports.map(({ name, port }) =>
    ctx.cloud
      .part(privateNetwork)
      .register(
        { account, region, ip: task.attachment.ip, port },
        published
          ? { kind: 'port', port: published.get(port)! }
          : { kind: 'simulated', answer: () => simulatedAnswer(ctx, task, name) },
      ),
  )
  ctx.cloud.part(listening).set(task.arn, ends)
}

/** Says what would answer. */
function simulatedAnswer(ctx: Context, task: Task, container: string): PrivateAnswer {
  const { image = '', digest } = task.containers.find(({ name }) => name === container) ?? {}
  return {
    status: simulatedStatus(ctx, task, container),
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    text: `${[
      'This task is simulated by the embedded cloud: no container runs.',
      `task ${task.id}`,
      `container ${container}`,
      `image ${image}${digest ? `@${digest}` : ''}`,
      `revision ${shortName(task.taskDefinition)}`,
    ].join('\n')}\n`,
  }
}

/** A task answers no longer. */
export function hangUp(ctx: Context, { arn }: Task): void {
  for (const end of ctx.cloud.part(listening).get(arn) ?? []) end()
  ctx.cloud.part(listening).delete(arn)
}

/** A task is no more: its address is free. */
export function detach(ctx: Context, task: Task): void {
  hangUp(ctx, task)
  ctx.cloud.part(privateNetwork).release(ctx, task.attachment.ip)
}
