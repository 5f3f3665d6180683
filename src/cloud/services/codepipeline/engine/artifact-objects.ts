/** Artifacts as objects in the artifact buckets: looked at, read, written, copied from region to region. */

import type { ArtifactStore, PipelineDeclaration } from '../../../../model/index.ts'
import { storeIn } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { collection } from '../../../kernel/store.ts'
import { ActionFailure, isDenial } from '../providers/runner.ts'
import type { ArtifactPlace } from '../state.ts'

/** S3's own records: where a bucket is, AWS tells without a permission of the pipeline's roles. */
const buckets = collection<{
  readonly account: string
  readonly region: string
  readonly ownership?: string
}>('s3.buckets')

/** Gives what S3 knows of a bucket; undefined where there is none. */
export const bucketRecord = (ctx: Context, bucket: string) => ctx.cloud.store.of(buckets).get(bucket)

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
  const found = bucketRecord(ctx, bucket)
  const isOwners = owner === undefined || found?.account === owner
  if (found && isOwners && found.region !== region)
    throw new ActionFailure(`The bucket ${bucket} is in ${found.region}, not in ${region}`)
  const input = { Bucket: bucket, ExpectedBucketOwner: owner }
  const { Status } = await ctx.call('s3', 'GetBucketVersioning', input, { as: identity, region })
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
 * Writes an object under the store's key; a writer of another account, and whoever `hands` it over, gives the bucket's
 * owner control of it. AWS: without a key in the store S3 takes the writer's own aws/s3 key. Errors: S3's.
 */
export async function writeObject(
  { ctx, identity, region }: Reach,
  place: ArtifactPlace,
  content: Uint8Array,
  store: ArtifactStore,
  hands = false,
): Promise<void> {
  const put = (acl: boolean) =>
    ctx.call(
      's3',
      'PutObject',
      {
        Bucket: place.bucket,
        Key: place.key,
        Body: content as never,
        ContentType: 'application/zip',
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: store.encryptionKey?.id,
        ...(acl && { ACL: 'bucket-owner-full-control' as const }),
      },
      { as: identity, region },
    )
  const isForeign = identity.account !== ctx.account
  try {
    await put(hands || isForeign)
  } catch (error) {
    // AWS: where a bucket has no ACLs, what is written is its owner's without one.
    const isOwnersAnyway = bucketRecord(ctx, place.bucket)?.ownership === 'BucketOwnerEnforced'
    if (hands || !isForeign || !isDenial(error) || !isOwnersAnyway) throw error
    await put(false)
  }
}

/** Gives the bytes of an object's body. */
export async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
