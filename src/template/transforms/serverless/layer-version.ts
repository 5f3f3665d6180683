/** AWS::Serverless::LayerVersion: a layer that is made anew whenever anything of it changes. */
import { Unknown } from '../../values/value.ts'
import type { Expansion, Serverless } from './expansion.ts'
import { shortHash } from './logical-id.ts'
import { withParameters } from './parameter-values.ts'
import { type Properties, pick } from './properties.ts'
import { invalid } from './refusals.ts'
import { lambdaCode } from './stored-at.ts'

const RESOLVED = ['LayerName', 'Description', 'LicenseInfo', 'RetentionPolicy', 'PublishLambdaVersion']

export function expandLayerVersion(source: Serverless, into: Expansion): void {
  const { id, properties: written, attributes } = source
  const { Metadata, ...kept } = attributes
  const properties: Record<string, unknown> = { ...written }
  for (const name of RESOLVED)
    if (written[name] !== undefined) properties[name] = withParameters(written[name], into.values)
  const made = `${id}${shortHash(hashed(source, properties))}`
  const retention = properties.RetentionPolicy
  if (retention !== undefined && !(typeof retention === 'string' && /^(retain|delete)$/i.test(retention)))
    throw invalid(`'RetentionPolicy' must be one of the following options: ['Retain', 'Delete'].`, [
      'Properties',
      'RetentionPolicy',
    ])
  const DeletionPolicy =
    typeof retention === 'string'
      ? `${retention[0]!.toUpperCase()}${retention.slice(1).toLowerCase()}`
      : 'Retain'
  into.put(
    made,
    'AWS::Lambda::LayerVersion',
    {
      Content: contentOf(written.ContentUri, made, into),
      LayerName: properties.LayerName ?? id,
      ...pick(properties, ['Description', 'CompatibleArchitectures', 'CompatibleRuntimes', 'LicenseInfo']),
    },
    { ...kept, DeletionPolicy },
  )
  into.refer(id, '', made)
}

/** A layer must have a place: where nobody uploaded it yet, that is unknown. */
function contentOf(uri: unknown, made: string, into: Expansion): Properties {
  const content = lambdaCode(uri, 'ContentUri', into, made)
  if (content.S3Bucket !== undefined) return content
  const open = (what: string) =>
    new Unknown(`${what} of ${made}`, { kind: 'artifact', name: String(uri) }, { looks: 'path' })
  return { S3Bucket: open('bucket'), S3Key: open('key') }
}

/** AWS: the whole resource, without what only says how it is kept. */
function hashed({ id, type, attributes }: Serverless, properties: unknown): unknown {
  const { DeletionPolicy, Metadata, UpdateReplacePolicy, ...rest } = attributes
  return { [id]: { ...rest, Properties: properties, Type: type } }
}
