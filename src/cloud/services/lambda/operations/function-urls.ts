/** Addresses of functions: an HTTP endpoint of a function or one of its aliases. */
import type { Cors, FunctionUrlAuthType, InvokeMode } from '@aws-sdk/client-lambda'
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { invalidValue } from '../engine/errors.ts'
import { type FunctionRef, policyKey, reference } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { urlOf } from '../engine/function-url.ts'
import { functionKind } from '../kinds.ts'
import { type FunctionUrl, LATEST, urls } from '../state.ts'

interface UrlInput {
  readonly FunctionName: string
  readonly Qualifier?: string
  readonly AuthType?: FunctionUrlAuthType
  readonly Cors?: Cors
  readonly InvokeMode?: InvokeMode
}

/** AWS: what a request says of the way to authorize is a condition key of it; else the one that the URL has. */
const accessToUrl = (action: string) => (input: UrlInput, ctx: Context) => {
  const ref = reference(ctx, input.FunctionName, input.Qualifier)
  const type = input.AuthType ?? ctx.table(urls).get(policyKey(ref))?.authType
  return [functionKind.on(ctx, action, ref, type ? { 'lambda:FunctionUrlAuthType': type } : {})]
}

const describe = (ctx: Context, { arn }: { arn: string }, url: FunctionUrl) => ({
  FunctionUrl: urlOf(ctx.cloud, url),
  FunctionArn: url.qualifier === undefined ? arn : `${arn}:${url.qualifier}`,
  AuthType: url.authType,
  ...(url.cors && { Cors: url.cors }),
  CreationTime: url.createdAt,
  LastModifiedTime: url.lastModified,
  InvokeMode: 'BUFFERED' as const,
})

/** AWS: a URL leads to `$LATEST` or an alias, never to a version by its number. */
function check(ctx: Context, input: UrlInput): FunctionRef {
  const ref = reference(ctx, input.FunctionName, input.Qualifier)
  if (ref.qualifier === LATEST || /^\d+$/.test(ref.qualifier ?? ''))
    throw invalidValue('A function URL leads to $LATEST, for which no qualifier is given, or to an alias.')
  findVersion(ctx, ref)
  if (input.InvokeMode === 'RESPONSE_STREAM')
    throw invalidValue(
      'The embedded cloud does not stream responses of functions: use the invoke mode BUFFERED.',
    )
  const { AllowOrigins: origins = [], AllowCredentials } = input.Cors ?? {}
  if (AllowCredentials && origins.includes('*'))
    throw invalidValue('AllowCredentials cannot be true where AllowOrigins is *.')
  return ref
}

function find(ctx: Context, ref: FunctionRef): FunctionUrl {
  const found = ctx.table(urls).get(policyKey(ref))
  if (found) return found
  throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', {
    fields: { Type: 'User' },
  })
}

export const CreateFunctionUrlConfig = operation({
  service: 'lambda',
  name: 'CreateFunctionUrlConfig',
  access: accessToUrl('CreateFunctionUrlConfig'),
  run: (input, ctx) => {
    const ref = check(ctx, input)
    if (ctx.table(urls).has(policyKey(ref)))
      throw new AwsError(
        'ResourceConflictException',
        `Failed to create function url config for [functionArn = ${ref.qualifiedArn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
        { fields: { Type: 'User' } },
      )
    const now = ctx.cloud.clock.date().toISOString()
    const url: FunctionUrl = {
      // AWS: 32 letters and digits, never the same again.
      id: ctx.cloud.ids.lower(32),
      functionName: ref.name,
      qualifier: ref.qualifier,
      authType: input.AuthType!,
      cors: input.Cors,
      createdAt: now,
      lastModified: now,
    }
    ctx.table(urls).put(policyKey(ref), url)
    return describe(ctx, ref, url)
  },
})

export const UpdateFunctionUrlConfig = operation({
  service: 'lambda',
  name: 'UpdateFunctionUrlConfig',
  access: accessToUrl('UpdateFunctionUrlConfig'),
  run: (input, ctx) => {
    const ref = check(ctx, input)
    const before = find(ctx, ref)
    const url: FunctionUrl = {
      ...before,
      authType: input.AuthType ?? before.authType,
      cors: input.Cors ?? before.cors,
      lastModified: ctx.cloud.clock.date().toISOString(),
    }
    ctx.table(urls).put(policyKey(ref), url)
    return describe(ctx, ref, url)
  },
})

export const GetFunctionUrlConfig = operation({
  service: 'lambda',
  name: 'GetFunctionUrlConfig',
  access: accessToUrl('GetFunctionUrlConfig'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    functionKind.find(ctx, ref)
    return describe(ctx, ref, find(ctx, ref))
  },
})

export const DeleteFunctionUrlConfig = operation({
  service: 'lambda',
  name: 'DeleteFunctionUrlConfig',
  access: accessToUrl('DeleteFunctionUrlConfig'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    find(ctx, ref)
    ctx.table(urls).delete(policyKey(ref))
    return {}
  },
})

export const ListFunctionUrlConfigs = operation({
  service: 'lambda',
  name: 'ListFunctionUrlConfigs',
  access: accessToUrl('ListFunctionUrlConfigs'),
  run: (input, ctx) => {
    const stored = functionKind.find(ctx, reference(ctx, input.FunctionName))
    const all = ctx
      .table(urls)
      .values()
      .filter((one) => one.functionName === stored.name)
    const page = paginate(all, {
      token: input.Marker,
      limit: input.MaxItems ?? 50,
      query: stored.arn,
      error: () => invalidValue('Invalid Marker'),
    })
    return {
      FunctionUrlConfigs: page.items.map((one) => describe(ctx, stored, one)),
      NextMarker: page.nextToken,
    }
  },
})
