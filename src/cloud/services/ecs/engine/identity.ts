/** ECS acting by itself, and tasks that take on their roles. */
import type { Context } from '../../../kernel/context.ts'
import { type Identity, serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import type { Task } from '../state.ts'

/** AWS: the principal of tasks is another than that of ECS. */
export const TASKS = 'ecs-tasks.amazonaws.com'

export const itself: Identity = serviceIdentity(servicePrincipal('ecs'))

/** The context of ECS's own work in the account and region of a context. */
export const byItself = (ctx: Context): Context =>
  ctx.as(itself, { account: ctx.account, region: ctx.region })

export const asTask = (ctx: Context, { arn }: Task): Identity =>
  serviceIdentity(TASKS, { arn, account: ctx.account })
