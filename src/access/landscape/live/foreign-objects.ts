/** Artifacts that the bucket's owner may be unable to read, because another account wrote them. */
import { parseArn } from '../../../model/index.ts'
import { storeIn } from '../../../pipeline/index.ts'
import type { KnownPipeline } from '../landscape.ts'
import type { Reading } from './reading.ts'

/** AWS: without BucketOwnerEnforced an object belongs to its writer, unless the writer grants it by an ACL. */
export function noteForeignObjects(reading: Reading, { account, region, declaration }: KnownPipeline): void {
  for (const action of declaration.stages.flatMap((stage) => stage.actions)) {
    const writer = parseArn(action.roleArn ?? '')?.account ?? account
    const bucket = storeIn(declaration, action.region ?? region, region)?.location ?? ''
    if (
      !action.outputArtifacts?.length ||
      writer === account ||
      reading.buckets.get(bucket)?.ownership !== 'ObjectWriter'
    )
      continue
    reading.findings.push({
      rule: 'objects-owned-by-writer',
      severity: 'warning',
      message: `the action ${action.name} writes artifacts as account ${writer} into the bucket ${bucket}, which leaves objects to their writer`,
      fix: 'set the bucket’s object ownership to BucketOwnerEnforced',
      origin: reading.buckets.get(bucket)?.origin,
    })
  }
}
