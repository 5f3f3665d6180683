/** The properties of AWS::S3::Bucket that are configurations of a bucket: how each is put, and taken back. */
import type { Properties, ResourceContext } from '../../../kernel/resource-type.ts'
import { lifecycleRule } from './lifecycle-rule.ts'
import { notificationConfiguration } from './notification-property.ts'
import { flag, number } from './property.ts'

export interface Aspect {
  readonly property: string
  put(bucket: string, value: Properties, rc: ResourceContext): Promise<unknown>
  /** The property was there before and is gone from the template. */
  remove(bucket: string, rc: ResourceContext): Promise<unknown>
}

const versioning: Aspect = {
  property: 'VersioningConfiguration',
  put: (Bucket, { Status }, rc) =>
    rc.call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: { Status } }),
  remove: (Bucket, rc) =>
    rc.call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
}

const encryption: Aspect = {
  property: 'BucketEncryption',
  put: (Bucket, value, rc) => {
    const rules: Properties[] = value.ServerSideEncryptionConfiguration ?? []
    const Rules = rules.map((rule) => ({
      BucketKeyEnabled: flag(rule.BucketKeyEnabled),
      ApplyServerSideEncryptionByDefault: rule.ServerSideEncryptionByDefault,
    }))
    return rc.call('s3', 'PutBucketEncryption', { Bucket, ServerSideEncryptionConfiguration: { Rules } })
  },
  remove: (Bucket, rc) => rc.call('s3', 'DeleteBucketEncryption', { Bucket }),
}

const publicAccess: Aspect = {
  property: 'PublicAccessBlockConfiguration',
  put: (Bucket, value, rc) =>
    rc.call('s3', 'PutPublicAccessBlock', {
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: flag(value.BlockPublicAcls),
        IgnorePublicAcls: flag(value.IgnorePublicAcls),
        BlockPublicPolicy: flag(value.BlockPublicPolicy),
        RestrictPublicBuckets: flag(value.RestrictPublicBuckets),
      },
    }),
  remove: (Bucket, rc) => rc.call('s3', 'DeletePublicAccessBlock', { Bucket }),
}

const ownership: Aspect = {
  property: 'OwnershipControls',
  put: (Bucket, { Rules }, rc) =>
    rc.call('s3', 'PutBucketOwnershipControls', { Bucket, OwnershipControls: { Rules } }),
  remove: (Bucket, rc) => rc.call('s3', 'DeleteBucketOwnershipControls', { Bucket }),
}

const lifecycle: Aspect = {
  property: 'LifecycleConfiguration',
  put: (Bucket, value, rc) =>
    rc.call('s3', 'PutBucketLifecycleConfiguration', {
      Bucket,
      LifecycleConfiguration: { Rules: (value.Rules ?? []).map(lifecycleRule) },
      TransitionDefaultMinimumObjectSize: value.TransitionDefaultMinimumObjectSize,
    }),
  remove: (Bucket, rc) => rc.call('s3', 'DeleteBucketLifecycle', { Bucket }),
}

const cors: Aspect = {
  property: 'CorsConfiguration',
  put: (Bucket, value, rc) => {
    const rules: Properties[] = value.CorsRules ?? []
    const CORSRules = rules.map((rule) => ({
      ID: rule.Id,
      AllowedHeaders: rule.AllowedHeaders,
      AllowedMethods: rule.AllowedMethods,
      AllowedOrigins: rule.AllowedOrigins,
      ExposeHeaders: rule.ExposedHeaders,
      MaxAgeSeconds: number(rule.MaxAge),
    }))
    return rc.call('s3', 'PutBucketCors', { Bucket, CORSConfiguration: { CORSRules } })
  },
  remove: (Bucket, rc) => rc.call('s3', 'DeleteBucketCors', { Bucket }),
}

const logging: Aspect = {
  property: 'LoggingConfiguration',
  put: (Bucket, value, rc) => {
    const LoggingEnabled = {
      TargetBucket: value.DestinationBucketName ?? Bucket,
      TargetPrefix: value.LogFilePrefix ?? '',
      TargetObjectKeyFormat: value.TargetObjectKeyFormat,
    }
    return rc.call('s3', 'PutBucketLogging', { Bucket, BucketLoggingStatus: { LoggingEnabled } })
  },
  remove: (Bucket, rc) => rc.call('s3', 'PutBucketLogging', { Bucket, BucketLoggingStatus: {} }),
}

const website: Aspect = {
  property: 'WebsiteConfiguration',
  put: (Bucket, value, rc) => {
    const rules = value.RoutingRules as Properties[] | undefined
    const WebsiteConfiguration = {
      IndexDocument: value.IndexDocument && { Suffix: value.IndexDocument },
      ErrorDocument: value.ErrorDocument && { Key: value.ErrorDocument },
      RedirectAllRequestsTo: value.RedirectAllRequestsTo,
      RoutingRules: rules?.map((rule) => ({
        Condition: rule.RoutingRuleCondition,
        Redirect: rule.RedirectRule,
      })),
    }
    return rc.call('s3', 'PutBucketWebsite', { Bucket, WebsiteConfiguration })
  },
  remove: (Bucket, rc) => rc.call('s3', 'DeleteBucketWebsite', { Bucket }),
}

const notification: Aspect = {
  property: 'NotificationConfiguration',
  put: (Bucket, value, rc) =>
    rc.call('s3', 'PutBucketNotificationConfiguration', {
      Bucket,
      NotificationConfiguration: notificationConfiguration(value),
    }),
  remove: (Bucket, rc) =>
    rc.call('s3', 'PutBucketNotificationConfiguration', { Bucket, NotificationConfiguration: {} }),
}

/** In the order in which they are put. */
export const aspects: readonly Aspect[] = [
  publicAccess,
  ownership,
  encryption,
  versioning,
  lifecycle,
  cors,
  logging,
  website,
  notification,
]
