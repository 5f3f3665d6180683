/** Artifacts that belong to the account that wrote them, so that the bucket's policy has no say in who reads them. */
import type { AuthorizationRequest } from '../../iam/index.ts'
import { formatArn, type Need, parseArn } from '../../model/index.ts'
import { artifactPrefix, storeIn } from '../../pipeline/index.ts'
import type { KnownBucket, KnownPipeline, Landscape } from '../landscape/landscape.ts'
import type { Failure, Remedy } from './proof.ts'

const READS = ['s3:GetObject', 's3:GetObjectVersion']

/**
 * Gives why a principal cannot read an artifact; undefined where nothing of that kind is in its way. AWS: with ObjectWriter
 * an object belongs to the account that uploads it. Its owner lets in the bucket's owner by an ACL, and a bucket policy
 * speaks of the bucket owner's objects only. (S3's guide, "Controlling ownership of objects"; awslabs/aws-deployment-framework#447
 * for artifacts.) What another region gets is a copy that CodePipeline writes, and belongs to the pipeline's account.
 */
export function foreignObject(
  { principal, action, resource }: Need,
  { declaration, account, region: home }: KnownPipeline,
  { buckets }: Landscape,
): Failure | undefined {
  if (!READS.includes(action)) return undefined
  const reader = parseArn(principal)?.account
  for (const writer of declaration.stages.flatMap(({ actions }) => actions)) {
    const owner = parseArn(writer.roleArn ?? '')?.account ?? account
    const bucket = buckets.get(storeIn(declaration, writer.region ?? home, home)?.location ?? '')
    if (bucket?.ownership !== 'ObjectWriter' || [bucket.account, reader].includes(owner)) continue
    if (reader === bucket.account) continue
    const objects = formatArn('s3', '', '', bucket.name)
    const artifact = writer.outputArtifacts?.find(({ name }) =>
      resource.startsWith(`${objects}/${artifactPrefix(declaration.name, name)}`),
    )
    if (!artifact) continue
    return {
      by: { limit: 'object of another account' },
      saidNo: `the owner of the object, account ${owner}`,
      message: 'Access Denied',
      close: [
        `the action ${writer.name} writes ${artifact.name} as account ${owner}, and the bucket ${bucket.name} leaves objects to their writer (ObjectWriter); its policy has no say in them`,
      ],
      remedies: [ownership(bucket)],
    }
  }
  return undefined
}

const ownership = (bucket: KnownBucket): Remedy => ({
  belongsIn: `object ownership of the bucket ${bucket.name}`,
  origin: bucket.origin,
  advice: `Set ObjectOwnership of the bucket ${bucket.name} to BucketOwnerEnforced, so that what is written into it belongs to account ${bucket.account}.`,
})

/** Why a writer must set an ACL at all, and what spares it that. */
export interface OwnedByWriter {
  readonly close: string
  readonly remedy: Remedy
}

/**
 * Gives why a writer may not hand its objects to the bucket's owner; undefined where a denial has another cause. AWS: only
 * where a bucket has ACLs does what another account writes belong to that account (S3's guide, "Controlling ownership of
 * objects"); CodePipeline's writers then give the owner control, which takes s3:PutObjectAcl (aws/aws-cdk#14260).
 */
export function ownedByWriter(
  { action, resource, caller, context }: AuthorizationRequest,
  { buckets }: Landscape,
): OwnedByWriter | undefined {
  if (action !== 's3:PutObjectAcl' || context['s3:x-amz-acl'] !== 'bucket-owner-full-control')
    return undefined
  const bucket = buckets.get(parseArn(resource)?.resource.split('/')[0] ?? '')
  const { ownership: owner = 'BucketOwnerEnforced', name = '', account } = bucket ?? {}
  if (!bucket || account === caller.account || owner === 'BucketOwnerEnforced') return undefined
  const remedy = ownership(bucket)
  return {
    close: `what account ${caller.account} writes into the bucket ${name} belongs to account ${caller.account} (${owner}), and to account ${account} only by an ACL`,
    remedy: { ...remedy, advice: `${remedy.advice} Then nobody needs ${action}. Or let it be called:` },
  }
}
