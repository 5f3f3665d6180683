/** Where a revision lies: its AppSpec in the request, or an object in S3. */
import { createHash } from 'node:crypto'
import { AwsError } from '../../../../model/index.ts'
import type { Platform, RevisionLocation } from '../state.ts'
import { readAppSpec } from './app-spec.ts'
import { AppSpecError } from './app-spec-fields.ts'

export const invalidRevision = (message: string): AwsError =>
  new AwsError('InvalidRevisionException', message)

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * Gives a location as it is kept, checked. AWS: `String` is the older form of `AppSpecContent`; an AppSpec of functions and
 * services that lies in S3 is a file, never an archive. Errors: InvalidRevisionException, RevisionRequiredException;
 * UnsupportedParameter for GitHub.
 */
export function checkedLocation(given: RevisionLocation | undefined, platform: Platform): RevisionLocation {
  if (!given?.revisionType) throw new AwsError('RevisionRequiredException', 'Revision type must be specified')
  switch (given.revisionType) {
    case 'S3':
      return objectLocation(given.s3Location)
    case 'AppSpecContent':
      return { revisionType: 'AppSpecContent', appSpecContent: inline(given.appSpecContent, platform) }
    case 'String':
      return { revisionType: 'String', string: inline(given.string, platform) }
    case 'GitHub':
      throw new AwsError(
        'UnsupportedParameter',
        'The embedded cloud reads no revisions from GitHub: give the AppSpec as AppSpecContent, or put it into a bucket.',
        { status: 501 },
      )
  }
}

function objectLocation(s3Location: RevisionLocation['s3Location']): RevisionLocation {
  const { bucket, key, bundleType } = s3Location ?? {}
  if (!bucket || !key) throw invalidRevision('Both the bucket and the key of the revision must be specified')
  if (bundleType !== 'YAML' && bundleType !== 'JSON')
    throw invalidRevision('BundleType must be either YAML or JSON')
  return { revisionType: 'S3', s3Location }
}

function inline(given: RevisionLocation['appSpecContent'], platform: Platform) {
  const { content, sha256 } = given ?? {}
  if (!content) throw invalidRevision('The AppSpec content must be specified')
  const actual = digest(content)
  if (sha256 !== undefined && sha256.toLowerCase() !== actual)
    throw invalidRevision('The SHA256 of the AppSpec content is another than the one specified')
  try {
    readAppSpec(content, platform)
  } catch (error) {
    throw error instanceof AppSpecError ? invalidRevision(error.message) : error
  }
  return { content, sha256: actual }
}

/** What tells revisions apart. */
export const revisionKey = (application: string, location: RevisionLocation): string =>
  `${application}/${digest(JSON.stringify(location))}`

/** The text of an AppSpec that stands in the location itself. */
export const contentOf = ({ appSpecContent, string }: RevisionLocation): string | undefined =>
  (appSpecContent ?? string)?.content
