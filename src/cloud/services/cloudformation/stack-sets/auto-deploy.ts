/** Automatic deployment: accounts that come into a unit of a stack set get its stacks, and those that leave lose them. */
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { rootIdentity } from '../../../kernel/identity.ts'
import { accountMoved } from '../../../kernel/service-events.ts'
import { accountsOf } from './accounts.ts'
import { begin, crossed, recordInstances } from './new-operation.ts'
import { instancesOf, type StackSet, stackSets } from './state.ts'

export function listenForAccounts(cloud: Cloud, context: ContextFactory): void {
  cloud.bus.on(accountMoved, ({ account }) => {
    for (const { account: owner, region, table } of cloud.store.everywhere(stackSets))
      for (const set of table.values())
        if (set.autoDeployment?.Enabled && !set.deleted && set.units.length) {
          const ctx = context({ identity: rootIdentity(owner), account: owner, region })
          ctx.spawn(`stack set ${set.name}`, (task) => follow(task, set, account))
        }
  })
}

/** AWS: operations that auto-deployment begins wait for those under way. */
async function follow(ctx: Context, set: StackSet, account: string): Promise<void> {
  const targets = { OrganizationalUnitIds: set.units }
  const inside = (await accountsOf(ctx, set, undefined, targets)).filter((one) => one.account === account)
  const own = ctx
    .table(instancesOf(set.id))
    .values()
    .filter((one) => one.account === account)
  if (inside.length && !own.length) {
    const wanted = crossed(inside, set.regions)
    recordInstances(ctx, set, wanted)
    begin(
      ctx,
      set,
      { DeploymentTargets: targets },
      { action: 'CREATE', regions: set.regions, instances: wanted },
    )
  } else if (!inside.length && own.length) {
    const retain = set.autoDeployment?.RetainStacksOnAccountRemoval ?? false
    begin(
      ctx,
      set,
      { DeploymentTargets: targets },
      { action: 'DELETE', regions: set.regions, instances: own, retain },
    )
  }
}
