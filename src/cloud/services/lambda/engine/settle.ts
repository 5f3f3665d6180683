/** The states a function goes through after a change: pending first, then active. */
import { formatArn } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { functionSettled } from '../../../kernel/service-events.ts'
import { type FunctionVersion, provisioned, versions } from '../state.ts'

/** AWS: what a new function or version shows until it can be invoked. */
export const pendingState = {
  state: 'Pending',
  stateReason: 'The function is being created.',
  stateReasonCode: 'Creating',
} as const

/** AWS: what a changed function shows until the change has taken effect. */
export const updatingState = {
  lastUpdateStatus: 'InProgress',
  lastUpdateStatusReason: 'The function is being created.',
} as const

/** Lets a version become active, or its update successful, after the answer has gone out. */
export function settleLater(ctx: Context, key: string): void {
  ctx.spawn('settle', async (later) => {
    await later.cloud.store.flush()
    const table = later.table(versions)
    const found = table.get(key)
    if (!found) return
    table.put(key, settled(found))
    tell(later, found.functionName)
  })
}

/** Lets provisioned concurrency be there, after the answer has gone out. */
export function settleProvisionedLater(ctx: Context, key: string): void {
  ctx.spawn('provision', async (later) => {
    await later.cloud.store.flush()
    const table = later.table(provisioned)
    const found = table.get(key)
    if (!found) return
    table.put(key, { ...found, ready: true })
    tell(later, found.functionName)
  })
}

function tell({ cloud, account, region }: Context, name: string): void {
  cloud.bus.emit(functionSettled, { function: formatArn('lambda', region, account, `function:${name}`) })
}

const settled = (version: FunctionVersion): FunctionVersion => ({
  ...version,
  state: 'Active',
  stateReason: undefined,
  stateReasonCode: undefined,
  lastUpdateStatus: 'Successful',
  lastUpdateStatusReason: undefined,
})

/** Settles what a crash left pending. */
export function resumeSettling(cloud: Cloud, context: ContextFactory): void {
  const at = (account: string, region: string) =>
    context({ identity: serviceIdentity(servicePrincipal('lambda')), account, region })
  for (const { account, region, table } of cloud.store.everywhere(versions))
    for (const [key, version] of table.entries())
      if (version.state !== 'Active' || version.lastUpdateStatus === 'InProgress')
        settleLater(at(account, region), key)
  for (const { account, region, table } of cloud.store.everywhere(provisioned))
    for (const [key, { ready }] of table.entries())
      if (!ready) settleProvisionedLater(at(account, region), key)
}
