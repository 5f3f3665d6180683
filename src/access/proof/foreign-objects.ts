/** Artifacts that belong to the account that wrote them, so that the bucket's policy has no say in who reads them. */
import { formatArn, type Need, parseArn } from '../../model/index.ts'
import { artifactPrefix, storeIn } from '../../pipeline/index.ts'
import type { KnownPipeline, Landscape } from '../landscape/landscape.ts'
import type { Failure } from './proof.ts'

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
      remedies: [
        {
          belongsIn: `object ownership of the bucket ${bucket.name}`,
          origin: bucket.origin,
          advice: `Set ObjectOwnership of the bucket ${bucket.name} to BucketOwnerEnforced, so that what is written into it belongs to account ${bucket.account}.`,
        },
      ],
    }
  }
  return undefined
}
