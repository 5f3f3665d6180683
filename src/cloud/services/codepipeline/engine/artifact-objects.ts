/** Artifacts as objects in the artifact buckets: looked at, read, written, copied from region to region. */

import type { ArtifactStore, PipelineDeclaration } from '../../../../model/index.ts'
import { storeIn } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { ActionFailure } from '../providers/runner.ts'
import type { ArtifactPlace } from '../state.ts'

interface Reach {
  readonly ctx: Context
  readonly identity: Identity
  readonly region: string
}

/** Gives the artifact store of a region. Errors: ActionFailure where the pipeline has none. */
export function storeOf(pipeline: PipelineDeclaration, region: string, home: string): ArtifactStore {
  const store = storeIn(pipeline, region, home)
  if (store) return store
  throw new ActionFailure(`The pipeline ${pipeline.name} has no artifact store in ${region}`, {
    code: 'ConfigurationError',
  })
}

/**
 * Looks at a bucket before it is used. Errors: S3's, also when it is not the owner's; ActionFailure when it is in
 * another region. AWS: an artifact bucket is the pipeline's account's own and in the region of the action.
 */
export async function inspectBucket(
  { ctx, identity, region }: Reach,
  bucket: string,
  owner?: string,
): Promise<{ versioned: boolean }> {
  const options = { as: identity, region }
  const input = { Bucket: bucket, ExpectedBucketOwner: owner }
  const { LocationConstraint: location } = await ctx.call('s3', 'GetBucketLocation', input, options)
  if ((location || 'us-east-1') !== region)
    throw new ActionFailure(`The bucket ${bucket} is in ${location || 'us-east-1'}, not in ${region}`)
  const [{ Status }] = await Promise.all([
    ctx.call('s3', 'GetBucketVersioning', input, options),
    ctx.call('s3', 'GetBucketAcl', input, options),
  ])
  return { versioned: Status === 'Enabled' }
}

/** Gives an object's content; of a version, where the bucket keeps them. Errors: S3's. */
export async function readObject({ ctx, identity, region }: Reach, place: ArtifactPlace): Promise<Buffer> {
  const options = { as: identity, region }
  const named = { Bucket: place.bucket, Key: place.key }
  const { VersionId } = await ctx.call('s3', 'HeadObject', { ...named, VersionId: place.versionId }, options)
  const known = VersionId && VersionId !== 'null' ? VersionId : undefined
  const { Body } = await ctx.call('s3', 'GetObject', { ...named, VersionId: known }, options)
  return collect(Body as unknown as AsyncIterable<Uint8Array>)
}

/**
 * Writes an object under the store's key and gives its bucket's owner control of it.
 * AWS: without a key in the store S3 takes the writer's own aws/s3 key. Errors: S3's.
 */
export async function writeObject(
  { ctx, identity, region }: Reach,
  place: ArtifactPlace,
  content: Uint8Array,
  store: ArtifactStore,
): Promise<void> {
  await ctx.call(
    's3',
    'PutObject',
    {
      Bucket: place.bucket,
      Key: place.key,
      Body: content as never,
      ContentType: 'application/zip',
      ACL: 'bucket-owner-full-control',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: store.encryptionKey?.id,
    },
    { as: identity, region },
  )
}

/** Gives the bytes of an object's body. */
export async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
