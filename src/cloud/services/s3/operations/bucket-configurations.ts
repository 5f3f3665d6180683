/** Lifecycle, CORS, logging and website configurations: checked, stored, and given back as they were put. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { changeConfiguration } from '../engine/change-configuration.ts'
import { invalidArgument, malformedXml } from '../engine/errors.ts'
import type { BucketInput } from '../engine/find-bucket.ts'
import { bucketKind } from '../kinds.ts'
import { bucketTable, type StoredConfigurations } from '../state.ts'

const access = (action: string) => (input: BucketInput, ctx: Context) => [bucketKind.on(ctx, action, input)]

/** Gives a stored configuration. Errors: AWS's own code for a bucket that has none. */
function stored<K extends keyof StoredConfigurations>(
  input: BucketInput,
  ctx: Context,
  kind: K,
  missing: { code: string; message: string },
): NonNullable<StoredConfigurations[K]> {
  const bucket = bucketKind.find(ctx, input)
  const found = bucket.configurations[kind]
  if (found) return found as NonNullable<StoredConfigurations[K]>
  throw new AwsError(missing.code, missing.message, { status: 404, fields: { BucketName: bucket.name } })
}

export const putBucketLifecycle = operation({
  service: 's3',
  name: 'PutBucketLifecycleConfiguration',
  access: access('PutLifecycleConfiguration'),
  run: (input, ctx) => {
    const rules = input.LifecycleConfiguration?.Rules ?? []
    if (rules.length === 0 || rules.length > 1000) throw malformedXml()
    const named = rules.map((rule) => ({ ...rule, ID: rule.ID ?? ctx.cloud.ids.mixed(48) }))
    if (new Set(named.map((rule) => rule.ID)).size < named.length)
      throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule')
    for (const rule of named) checkLifecycleRule(rule)
    const minimumSize = input.TransitionDefaultMinimumObjectSize ?? 'all_storage_classes_128K'
    changeConfiguration(input, ctx, { lifecycle: { rules: { Rules: named }, minimumSize } })
    return { TransitionDefaultMinimumObjectSize: minimumSize }
  },
})

type LifecycleRule = NonNullable<
  NonNullable<NonNullable<StoredConfigurations['lifecycle']>['rules']>['Rules']
>[number]

function checkLifecycleRule(rule: LifecycleRule): void {
  if (rule.Status !== 'Enabled' && rule.Status !== 'Disabled') throw malformedXml()
  if (rule.ID!.length > 255) throw invalidArgument('ID length should not exceed allowed limit of 255')
  const isActive =
    rule.Expiration ||
    rule.Transitions?.length ||
    rule.NoncurrentVersionExpiration ||
    rule.NoncurrentVersionTransitions?.length ||
    rule.AbortIncompleteMultipartUpload
  if (!isActive) throw new AwsError('InvalidRequest', 'At least one action needs to be specified in a rule')
  const days = rule.Expiration?.Days
  if (days !== undefined && days <= 0)
    throw invalidArgument("'Days' for Expiration action must be a positive integer")
}

export const getBucketLifecycle = operation({
  service: 's3',
  name: 'GetBucketLifecycleConfiguration',
  access: access('GetLifecycleConfiguration'),
  run: (input, ctx) => {
    const { rules, minimumSize } = stored(input, ctx, 'lifecycle', {
      code: 'NoSuchLifecycleConfiguration',
      message: 'The lifecycle configuration does not exist',
    })
    return { Rules: rules?.Rules, TransitionDefaultMinimumObjectSize: minimumSize as never }
  },
})

export const deleteBucketLifecycle = operation({
  service: 's3',
  name: 'DeleteBucketLifecycle',
  access: access('PutLifecycleConfiguration'),
  run: (input, ctx) => {
    changeConfiguration(input, ctx, { lifecycle: undefined })
    return {}
  },
})

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD']

export const putBucketCors = operation({
  service: 's3',
  name: 'PutBucketCors',
  access: access('PutBucketCORS'),
  run: (input, ctx) => {
    const rules = input.CORSConfiguration.CORSRules
    if (rules.length === 0 || rules.length > 100) throw malformedXml()
    const unknown = rules.flatMap((rule) => rule.AllowedMethods).find((method) => !METHODS.includes(method))
    if (unknown !== undefined)
      throw new AwsError(
        'InvalidRequest',
        `Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`,
      )
    changeConfiguration(input, ctx, { cors: input.CORSConfiguration })
    return {}
  },
})

export const getBucketCors = operation({
  service: 's3',
  name: 'GetBucketCors',
  access: access('GetBucketCORS'),
  run: (input, ctx) =>
    stored(input, ctx, 'cors', {
      code: 'NoSuchCORSConfiguration',
      message: 'The CORS configuration does not exist',
    }),
})

export const deleteBucketCors = operation({
  service: 's3',
  name: 'DeleteBucketCors',
  access: access('PutBucketCORS'),
  run: (input, ctx) => {
    changeConfiguration(input, ctx, { cors: undefined })
    return {}
  },
})

export const putBucketLogging = operation({
  service: 's3',
  name: 'PutBucketLogging',
  access: access('PutBucketLogging'),
  run: (input, ctx) => {
    const { region, account } = bucketKind.find(ctx, input)
    const { LoggingEnabled } = input.BucketLoggingStatus
    const target = LoggingEnabled && bucketTable(ctx.cloud).get(LoggingEnabled.TargetBucket)
    if (LoggingEnabled && (!target || target.account !== account || target.region !== region))
      throw new AwsError(
        'InvalidTargetBucketForLogging',
        'The target bucket for logging does not exist, is not owned by you, or is not in the same region.',
        { fields: { TargetBucket: LoggingEnabled.TargetBucket } },
      )
    changeConfiguration(input, ctx, { logging: LoggingEnabled && input.BucketLoggingStatus })
    return {}
  },
})

export const getBucketLogging = operation({
  service: 's3',
  name: 'GetBucketLogging',
  access: access('GetBucketLogging'),
  run: (input, ctx) => bucketKind.find(ctx, input).configurations.logging ?? {},
})

export const putBucketWebsite = operation({
  service: 's3',
  name: 'PutBucketWebsite',
  access: access('PutBucketWebsite'),
  run: (input, ctx) => {
    const { IndexDocument, RedirectAllRequestsTo } = input.WebsiteConfiguration
    if (!IndexDocument && !RedirectAllRequestsTo)
      throw invalidArgument(
        'A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty',
        'IndexDocument',
      )
    if (IndexDocument && (IndexDocument.Suffix === '' || IndexDocument.Suffix.includes('/')))
      throw invalidArgument(
        'The IndexDocument Suffix is not well formed',
        'IndexDocument',
        IndexDocument.Suffix,
      )
    changeConfiguration(input, ctx, { website: input.WebsiteConfiguration })
    return {}
  },
})

export const getBucketWebsite = operation({
  service: 's3',
  name: 'GetBucketWebsite',
  access: access('GetBucketWebsite'),
  run: (input, ctx) =>
    stored(input, ctx, 'website', {
      code: 'NoSuchWebsiteConfiguration',
      message: 'The specified bucket does not have a website configuration',
    }),
})

export const deleteBucketWebsite = operation({
  service: 's3',
  name: 'DeleteBucketWebsite',
  access: access('DeleteBucketWebsite'),
  run: (input, ctx) => {
    changeConfiguration(input, ctx, { website: undefined })
    return {}
  },
})
