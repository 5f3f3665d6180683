/** What reading and writing an artifact takes, in S3 and in KMS. */
import {
  type ArtifactStore,
  entryOf,
  formatArn,
  type Need,
  type PipelineDeclaration,
  parseArn,
} from '../model/index.ts'
import { artifactPrefix } from './artifact-key.ts'
import { needAll, optionally } from './provider.ts'
import type { BucketFact, ReadOptions, Surroundings, WriteOptions } from './surroundings.ts'

/** An artifact in the store of one region. */
export interface ArtifactPlace {
  readonly pipeline: PipelineDeclaration
  readonly artifact: string
  readonly region: string
  readonly surroundings: Surroundings
}

/** Gives the pipeline's artifact store in a region; undefined where it has none there. */
export function storeIn(
  pipeline: PipelineDeclaration,
  region: string,
  home: string,
): ArtifactStore | undefined {
  return entryOf(pipeline.artifactStores, region) ?? (region === home ? pipeline.artifactStore : undefined)
}

const bucketArn = (bucket: string): string => formatArn('s3', '', '', bucket)

function objects(place: ArtifactPlace): { bucket: string; pattern: string } | undefined {
  const { pipeline, region, surroundings } = place
  const store = storeIn(pipeline, region, surroundings.region)
  if (!store) return undefined
  const bucket = bucketArn(store.location)
  return { bucket, pattern: `${bucket}/${artifactPrefix(pipeline.name, place.artifact)}/*` }
}

/** What it takes to use the key of an artifact through S3. */
const keyNeed = (
  { region, surroundings }: ArtifactPlace,
  { bucket, pattern }: { bucket: string; pattern: string },
  [principal, action, resource, because]: readonly [string, string, string, string],
): Need => ({
  principal,
  action,
  resource,
  because,
  context: {
    'kms:ViaService': `s3.${region}.amazonaws.com`,
    'kms:EncryptionContext:aws:s3:arn': surroundings.bucketKeys ? bucket : pattern,
  },
})

/** Gives what a principal needs to read an artifact. AWS: with KMS that is kms:Decrypt besides s3:GetObject. */
export function readNeeds(
  place: ArtifactPlace,
  principal: string,
  because: string,
  options: ReadOptions = {},
): Need[] {
  const found = objects(place)
  if (!found) return []
  const byVersion = options.byVersion ?? place.surroundings.versioned ?? true
  const actions = byVersion ? ['s3:GetObject', 's3:GetObjectVersion'] : ['s3:GetObject']
  const key = place.surroundings.artifactBucketKeyArn(place.region)
  const needs = needAll(principal, actions, found.pattern, because)
  if (key) needs.push(keyNeed(place, found, [principal, 'kms:Decrypt', key, because]))
  return needs
}

/** Gives what a principal needs to write an artifact. AWS: with KMS that is kms:GenerateDataKey besides s3:PutObject. */
export function writeNeeds(
  place: ArtifactPlace,
  principal: string,
  because: string,
  options: WriteOptions = {},
): Need[] {
  const found = objects(place)
  if (!found) return []
  const key = 'key' in options ? options.key : place.surroundings.artifactBucketKeyArn(place.region)
  const needs = needAll(principal, ['s3:PutObject'], found.pattern, because)
  needs.push(...aclNeeds(place, principal, found, because, options))
  if (key) needs.push(keyNeed(place, found, [principal, 'kms:GenerateDataKey', key, because]))
  return needs
}

/** AWS: where a bucket has no ACLs, what is written into it is its owner's with an ACL or without. */
function aclNeeds(
  { surroundings }: ArtifactPlace,
  principal: string,
  { bucket, pattern }: { bucket: string; pattern: string },
  because: string,
  { acl }: WriteOptions,
): Need[] {
  const isForeign = parseArn(principal)?.account !== surroundings.account
  if (!acl || (acl === 'across accounts' && !isForeign)) return []
  const needs = needAll(principal, ['s3:PutObjectAcl'], pattern, because)
  const name = bucket.slice(bucket.lastIndexOf(':') + 1)
  return acl === 'always' || surroundings.hasAcls?.(name) ? needs : optionally(needs)
}

/**
 * Gives what it takes to look at an artifact bucket before using it; `facts` are what is looked at.
 * AWS: only whether it keeps versions must be told. The role that the console made for pipelines until 2018
 * (oneClick_AWS-CodePipeline-Service) has no other permission on a bucket, nor has the one of Terraform's example of
 * aws_codepipeline; the User Guide's policy ("Manage the CodePipeline service role") names location and ACL too. Build
 * projects look at neither in awslabs/aws-refarch-cross-account-pipeline.
 */
export function inspectNeeds(
  bucket: string,
  principal: string,
  facts: readonly BucketFact[] = ['Location', 'Versioning', 'Acl'],
): Need[] {
  return facts.flatMap((fact) => {
    const because = 'to check where the artifact bucket is and whose'
    const needs = needAll(principal, [`s3:GetBucket${fact}`], bucketArn(bucket), because)
    return fact === 'Versioning' ? needs : optionally(needs)
  })
}
