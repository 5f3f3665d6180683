/** Which versions have provisioned concurrency. */
import type { Context } from '../../../kernel/context.ts'
import { aliases, provisioned, type StoredFunction } from '../state.ts'

/** Whether a version is kept warm, by itself or by an alias that leads to it. */
export function isProvisioned(ctx: Context, stored: StoredFunction, version: string): boolean {
  const { name, account, region } = stored
  const table = ctx.table(provisioned, account, region)
  const leads = ctx
    .table(aliases, account, region)
    .values()
    .filter((one) => one.functionName === name)
    .filter((one) => one.version === version || Object.hasOwn(one.weights, version))
  return [version, ...leads.map((one) => one.name)].some((qualifier) => table.has(`${name}:${qualifier}`))
}
