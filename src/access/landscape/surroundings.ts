/** What the landscape tells of the world around a pipeline. */
import { formatArn } from '../../model/index.ts'
import { type Surroundings, storeIn } from '../../pipeline/index.ts'
import { findKey } from './find-key.ts'
import type { KnownPipeline, Landscape } from './landscape.ts'
import { deploymentGroupArn } from './readers/workers.ts'

/** Gives the surroundings that the pipeline's needs are derived in; nothing here comes from synthesis. */
export function surroundingsOf(pipeline: KnownPipeline, landscape: Landscape): Surroundings {
  const { account, region, declaration } = pipeline
  const stores = Object.values(declaration.artifactStores ?? {})
  if (declaration.artifactStore) stores.push(declaration.artifactStore)
  const buckets = stores.map((store) => landscape.buckets.get(store.location))
  return {
    account,
    region,
    artifactBucketKeyArn: (of) => {
      const store = storeIn(declaration, of, region)
      return findKey(store?.encryptionKey?.id, { account, region: of }, landscape)?.arn
    },
    project: (name, where) => {
      const arn = formatArn('codebuild', where.region, where.account, `project/${name}`)
      const found = landscape.projects.get(arn)
      return (
        found && {
          ...found,
          encryptionKey: findKey(found.encryptionKey, found, landscape)?.arn,
          logGroupStands: landscape.logGroups?.has(found.logGroup),
        }
      )
    },
    functionRole: (name, where) =>
      landscape.functions.get(formatArn('lambda', where.region, where.account, `function:${name}`)),
    deploymentConfig: (application, group, where) =>
      landscape.deploymentGroups.get(deploymentGroupArn(application, group, where)),
    hasAcls: (name) =>
      (landscape.buckets.get(name)?.ownership ?? 'BucketOwnerEnforced') !== 'BucketOwnerEnforced',
    bucketKeyArn: (name) => {
      const bucket = landscape.buckets.get(name)
      return bucket && findKey(bucket.key, bucket, landscape)?.arn
    },
    versioned: buckets.some((bucket) => bucket === undefined || bucket.versioned),
    bucketKeys: buckets.length > 0 && buckets.every((bucket) => bucket?.bucketKey),
  }
}
