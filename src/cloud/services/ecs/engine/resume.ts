/** Goes on with tasks and deployments after a restart, and listens to tasks. */
import type { Cloud } from '../../../kernel/cloud.ts'
import type { ContextFactory } from '../../../kernel/context.ts'
import { services, tasks } from '../state.ts'
import { watchAgain } from './deployment-alarms.ts'
import { itself } from './identity.ts'
import { roll, taskHasMoved } from './rollout.ts'
import { taskMoved } from './task-events.ts'
import { takeUp } from './task-life.ts'

export function resume(cloud: Cloud, context: ContextFactory): void {
  const at = (account: string, region: string) => context({ identity: itself, account, region })
  cloud.bus.on(taskMoved, ({ account, region, task, digests }) =>
    taskHasMoved(at(account, region), task, digests),
  )
  for (const { account, region, table } of cloud.store.everywhere(tasks))
    for (const task of table.values()) takeUp(at(account, region), task)
  for (const { account, region, table } of cloud.store.everywhere(services))
    for (const service of table.values()) {
      const ctx = at(account, region)
      roll(ctx, service.arn)
      watchAgain(ctx, service, (arn) => roll(ctx, arn))
    }
}
