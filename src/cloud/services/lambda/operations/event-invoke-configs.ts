/** How asynchronous invocations of a function, version or alias are retried. */

import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { accessTo } from '../engine/access.ts'
import { invalidValue } from '../engine/errors.ts'
import { type FunctionRef, reference } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { checkDestination } from '../engine/invocation-record.ts'
import { functionKind } from '../kinds.ts'
import { type EventInvokeConfig, eventInvokeConfigs, LATEST } from '../state.ts'

interface ConfigInput {
  readonly MaximumRetryAttempts?: number
  readonly MaximumEventAgeInSeconds?: number
  readonly DestinationConfig?: {
    OnSuccess?: { Destination?: string }
    OnFailure?: { Destination?: string }
  }
}

const keyOf = (ref: FunctionRef): string => `${ref.name}:${ref.qualifier ?? LATEST}`

const describe = (ref: FunctionRef, config: EventInvokeConfig) => ({
  FunctionArn: `${ref.arn}:${config.qualifier}`,
  LastModified: new Date(config.lastModified),
  MaximumRetryAttempts: config.maximumRetryAttempts,
  MaximumEventAgeInSeconds: config.maximumEventAgeInSeconds,
  DestinationConfig: {
    OnSuccess: { Destination: config.onSuccess },
    OnFailure: { Destination: config.onFailure },
  },
})

function save(ctx: Context, ref: FunctionRef, input: ConfigInput, before?: EventInvokeConfig) {
  const { DestinationConfig } = input
  const onSuccess = DestinationConfig ? DestinationConfig.OnSuccess?.Destination : before?.onSuccess
  const onFailure = DestinationConfig ? DestinationConfig.OnFailure?.Destination : before?.onFailure
  checkDestination(onSuccess, 'success')
  checkDestination(onFailure, 'failure')
  findVersion(ctx, ref)
  const config: EventInvokeConfig = {
    functionName: ref.name,
    qualifier: ref.qualifier ?? LATEST,
    maximumRetryAttempts: input.MaximumRetryAttempts ?? before?.maximumRetryAttempts,
    maximumEventAgeInSeconds: input.MaximumEventAgeInSeconds ?? before?.maximumEventAgeInSeconds,
    onSuccess,
    onFailure,
    lastModified: ctx.cloud.clock.now(),
  }
  ctx.table(eventInvokeConfigs).put(keyOf(ref), config)
  return describe(ref, config)
}

function find(ctx: Context, ref: FunctionRef): EventInvokeConfig {
  const found = ctx.table(eventInvokeConfigs).get(keyOf(ref))
  if (found) return found
  throw new AwsError(
    'ResourceNotFoundException',
    `The function ${ref.arn}:${ref.qualifier ?? LATEST} doesn't have an EventInvokeConfig`,
    { fields: { Type: 'User' } },
  )
}

export const PutFunctionEventInvokeConfig = operation({
  service: 'lambda',
  name: 'PutFunctionEventInvokeConfig',
  access: accessTo('PutFunctionEventInvokeConfig'),
  run: (input, ctx) => save(ctx, reference(ctx, input.FunctionName, input.Qualifier), input),
})

export const UpdateFunctionEventInvokeConfig = operation({
  service: 'lambda',
  name: 'UpdateFunctionEventInvokeConfig',
  access: accessTo('UpdateFunctionEventInvokeConfig'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    return save(ctx, ref, input, find(ctx, ref))
  },
})

export const GetFunctionEventInvokeConfig = operation({
  service: 'lambda',
  name: 'GetFunctionEventInvokeConfig',
  access: accessTo('GetFunctionEventInvokeConfig'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    return describe(ref, find(ctx, ref))
  },
})

export const DeleteFunctionEventInvokeConfig = operation({
  service: 'lambda',
  name: 'DeleteFunctionEventInvokeConfig',
  access: accessTo('DeleteFunctionEventInvokeConfig'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    find(ctx, ref)
    ctx.table(eventInvokeConfigs).delete(keyOf(ref))
    return {}
  },
})

export const ListFunctionEventInvokeConfigs = operation({
  service: 'lambda',
  name: 'ListFunctionEventInvokeConfigs',
  access: accessTo('ListFunctionEventInvokeConfigs'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName)
    const { name } = functionKind.find(ctx, ref)
    const all = ctx
      .table(eventInvokeConfigs)
      .values()
      .filter((one) => one.functionName === name)
    const page = paginate(all, {
      token: input.Marker,
      limit: input.MaxItems ?? 50,
      query: ref.arn,
      error: () => invalidValue('Invalid Marker'),
    })
    return {
      FunctionEventInvokeConfigs: page.items.map((one) => describe(ref, one)),
      NextMarker: page.nextToken,
    }
  },
})
