/** Provisioned concurrency of versions and aliases: kept, shown, and told to the function; processes start as ever. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { accessTo } from '../engine/access.ts'
import { invalidValue } from '../engine/errors.ts'
import { type FunctionRef, findAlias, lambdaTime, policyKey, reference } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { settleProvisionedLater } from '../engine/settle.ts'
import { functionKind } from '../kinds.ts'
import { LATEST, type ProvisionedConcurrency, provisioned } from '../state.ts'

const describe = ({ requested, ready, lastModified }: ProvisionedConcurrency) => ({
  RequestedProvisionedConcurrentExecutions: requested,
  AllocatedProvisionedConcurrentExecutions: ready ? requested : 0,
  AvailableProvisionedConcurrentExecutions: ready ? requested : 0,
  Status: ready ? ('READY' as const) : ('IN_PROGRESS' as const),
  LastModified: lastModified,
})

function find(ctx: Context, ref: FunctionRef): ProvisionedConcurrency {
  findVersion(ctx, ref)
  const found = ctx.table(provisioned).get(policyKey(ref))
  if (found) return found
  throw new AwsError(
    'ProvisionedConcurrencyConfigNotFoundException',
    'No Provisioned Concurrency Config found for this function',
    { fields: { Type: 'User' } },
  )
}

/**
 * AWS: not for `$LATEST`, nor for an alias of it; a version has it itself or by one alias; all of a function's together
 * are no more than what is reserved for it ("Configuring provisioned concurrency for a function").
 */
function check(ctx: Context, ref: FunctionRef, requested: number): void {
  const { version } = findVersion(ctx, ref)
  if (version === LATEST)
    throw invalidValue('Provisioned Concurrency Configs cannot be applied to unpublished function versions.')
  const others = ctx
    .table(provisioned)
    .values()
    .filter((one) => one.functionName === ref.name && one.qualifier !== ref.qualifier)
  const meant = (qualifier: string) => findAlias(ctx, ref, qualifier)?.version ?? qualifier
  if (others.some(({ qualifier }) => meant(qualifier) === version))
    throw invalidValue(
      "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
    )
  const { reservedConcurrency } = functionKind.find(ctx, ref)
  const sum = others.reduce((total, one) => total + one.requested, requested)
  if (reservedConcurrency !== undefined && sum > reservedConcurrency)
    throw invalidValue(
      'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
    )
}

export const PutProvisionedConcurrencyConfig = operation({
  service: 'lambda',
  name: 'PutProvisionedConcurrencyConfig',
  access: accessTo('PutProvisionedConcurrencyConfig'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    const requested = input.ProvisionedConcurrentExecutions!
    check(ctx, ref, requested)
    const config: ProvisionedConcurrency = {
      functionName: ref.name,
      qualifier: ref.qualifier!,
      requested,
      ready: false,
      lastModified: lambdaTime(ctx.cloud.clock.date()),
    }
    ctx.table(provisioned).put(policyKey(ref), config)
    settleProvisionedLater(ctx, policyKey(ref))
    return describe(config)
  },
})

export const GetProvisionedConcurrencyConfig = operation({
  service: 'lambda',
  name: 'GetProvisionedConcurrencyConfig',
  access: accessTo('GetProvisionedConcurrencyConfig'),
  run: (input, ctx) => describe(find(ctx, reference(ctx, input.FunctionName, input.Qualifier))),
})

export const DeleteProvisionedConcurrencyConfig = operation({
  service: 'lambda',
  name: 'DeleteProvisionedConcurrencyConfig',
  access: accessTo('DeleteProvisionedConcurrencyConfig'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    find(ctx, ref)
    ctx.table(provisioned).delete(policyKey(ref))
    return {}
  },
})

export const ListProvisionedConcurrencyConfigs = operation({
  service: 'lambda',
  name: 'ListProvisionedConcurrencyConfigs',
  access: accessTo('ListProvisionedConcurrencyConfigs'),
  run: (input, ctx) => {
    const { name, arn } = functionKind.find(ctx, reference(ctx, input.FunctionName))
    const all = ctx
      .table(provisioned)
      .values()
      .filter((one) => one.functionName === name)
    const page = paginate(all, {
      token: input.Marker,
      limit: input.MaxItems ?? 50,
      query: arn,
      error: () => invalidValue('Invalid Marker'),
    })
    return {
      ProvisionedConcurrencyConfigs: page.items.map((one) => ({
        FunctionArn: `${arn}:${one.qualifier}`,
        ...describe(one),
      })),
      NextMarker: page.nextToken,
    }
  },
})
