/** What reading and writing an artifact takes, in S3 and in KMS. */
import { type ArtifactStore, formatArn, type Need, type PipelineDeclaration } from '../model/index.ts'
import { artifactPrefix } from './artifact-key.ts'
import { needAll } from './provider.ts'
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
  return pipeline.artifactStores?.[region] ?? (region === home ? pipeline.artifactStore : undefined)
}

const bucketArn = (bucket: string): string => formatArn('s3', '', '', bucket)

function objects(place: ArtifactPlace): { bucket: string; pattern: string } | undefined {
  const { pipeline, region, surroundings } = place
  const store = storeIn(pipeline, region, surroundings.region)
  if (!store) return undefined
  const bucket = bucketArn(store.location)
  return { bucket, pattern: `${bucket}/${artifactPrefix(pipeline.name, place.artifact)}/*` }
}

function keyNeed(
  place: ArtifactPlace,
  who: { principal: string; action: string; because: string },
  key: string | undefined,
): Need[] {
  const found = objects(place)
  if (!key || !found) return []
  const context = {
    'kms:ViaService': `s3.${place.region}.amazonaws.com`,
    'kms:EncryptionContext:aws:s3:arn': place.surroundings.bucketKeys ? found.bucket : found.pattern,
  }
  return [{ ...who, resource: key, context }]
}

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
  return [
    ...needAll(principal, actions, found.pattern, because),
    ...keyNeed(
      place,
      { principal, action: 'kms:Decrypt', because },
      place.surroundings.artifactBucketKeyArn(place.region),
    ),
  ]
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
  const actions = options.acl ? ['s3:PutObject', 's3:PutObjectAcl'] : ['s3:PutObject']
  const key = 'key' in options ? options.key : place.surroundings.artifactBucketKeyArn(place.region)
  return [
    ...needAll(principal, actions, found.pattern, because),
    ...keyNeed(place, { principal, action: 'kms:GenerateDataKey', because }, key),
  ]
}

/** Gives what it takes to look at an artifact bucket before using it; `facts` are what is looked at. */
export function inspectNeeds(
  bucket: string,
  principal: string,
  facts: readonly BucketFact[] = ['Location', 'Versioning', 'Acl'],
): Need[] {
  const actions = facts.map((fact) => `s3:GetBucket${fact}`)
  return needAll(principal, actions, bucketArn(bucket), 'to check where the artifact bucket is and whose')
}
