/** Reserved concurrency of functions, and the account's limits. */

import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import { invalidValue } from '../engine/errors.ts'
import { reference } from '../engine/find.ts'
import { functionKind } from '../kinds.ts'
import { functions, LATEST, versions } from '../state.ts'

/** AWS: concurrent executions of an account, of which so many must stay unreserved. */
const ACCOUNT_LIMIT = 1000
const UNRESERVED_MINIMUM = 100

export const PutFunctionConcurrency = operation({
  service: 'lambda',
  name: 'PutFunctionConcurrency',
  access: accessTo('PutFunctionConcurrency'),
  run: (input, ctx) => {
    const stored = functionKind.find(ctx, reference(ctx, input.FunctionName))
    const reserved = input.ReservedConcurrentExecutions
    const others = ctx
      .table(functions)
      .values()
      .filter((one) => one.name !== stored.name)
      .reduce((sum, one) => sum + (one.reservedConcurrency ?? 0), 0)
    if (ACCOUNT_LIMIT - others - reserved < UNRESERVED_MINIMUM)
      throw invalidValue(
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below " +
          `its minimum value of [${UNRESERVED_MINIMUM}].`,
      )
    ctx.table(functions).put(stored.name, { ...stored, reservedConcurrency: reserved })
    return { ReservedConcurrentExecutions: reserved }
  },
})

export const GetFunctionConcurrency = operation({
  service: 'lambda',
  name: 'GetFunctionConcurrency',
  access: accessTo('GetFunctionConcurrency'),
  run: (input, ctx) => {
    const { reservedConcurrency } = functionKind.find(ctx, reference(ctx, input.FunctionName))
    return { ReservedConcurrentExecutions: reservedConcurrency }
  },
})

export const DeleteFunctionConcurrency = operation({
  service: 'lambda',
  name: 'DeleteFunctionConcurrency',
  access: accessTo('DeleteFunctionConcurrency'),
  run: (input, ctx) => {
    const stored = functionKind.find(ctx, reference(ctx, input.FunctionName))
    ctx.table(functions).put(stored.name, { ...stored, reservedConcurrency: undefined })
    return {}
  },
})

export const GetAccountSettings = operation({
  service: 'lambda',
  name: 'GetAccountSettings',
  access: () => [{ action: 'lambda:GetAccountSettings', resource: '*' }],
  run: (_input, ctx) => {
    const all = ctx.table(functions).values()
    const reserved = all.reduce((sum, one) => sum + (one.reservedConcurrency ?? 0), 0)
    return {
      AccountLimit: {
        TotalCodeSize: 80_530_636_800,
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: ACCOUNT_LIMIT,
        UnreservedConcurrentExecutions: ACCOUNT_LIMIT - reserved,
      },
      AccountUsage: {
        TotalCodeSize: ctx
          .table(versions)
          .values()
          .reduce((sum, one) => sum + one.codeSize, 0),
        FunctionCount: ctx
          .table(versions)
          .values()
          .filter((one) => one.version === LATEST).length,
      },
    }
  },
})
