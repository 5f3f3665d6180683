/** Where code, a layer or a description lies: an address in S3, or a map. */
import type { Expansion } from './expansion.ts'
import { isMap, type Properties } from './properties.ts'
import { invalid } from './refusals.ts'

/**
 * Gives bucket, key and version; undefined for what `sam package` has still to upload, where that may be open.
 * Errors: InvalidResource in the translator's words.
 */
export function storedAt(
  uri: unknown,
  property: string,
  into: Expansion,
  id?: string,
): { Bucket: unknown; Key: unknown; Version?: unknown } | undefined {
  if (isMap(uri)) {
    const { Bucket, Key, Version } = uri
    if (Bucket === undefined || Key === undefined)
      throw invalid(
        `'${property}' requires Bucket and Key properties to be specified.`,
        ['Properties', property],
        id,
      )
    return { Bucket, Key, ...(Version !== undefined && { Version }) }
  }
  const found =
    typeof uri === 'string' ? /^s3:\/\/([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(uri) : undefined
  if (found) return { Bucket: found[1]!, Key: found[2]!, ...(found[3] && { Version: found[3] }) }
  if (into.artifacts === 'open') return undefined
  throw invalid(
    `'${property}' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter.`,
    ['Properties', property],
    id,
  )
}

/** The same under the names that Lambda uses. */
export function lambdaCode(uri: unknown, property: string, into: Expansion, id?: string): Properties {
  const stored = storedAt(uri, property, into, id)
  if (!stored) return {}
  const { Bucket, Key, Version } = stored
  return { S3Bucket: Bucket, S3Key: Key, ...(Version !== undefined && { S3ObjectVersion: Version }) }
}
