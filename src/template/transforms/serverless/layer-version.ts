/** AWS::Serverless::LayerVersion: a layer that is made anew whenever anything of it changes. */
import type { Expansion, Serverless } from './expansion.ts'
import { shortHash } from './logical-id.ts'
import { withParameters } from './parameter-values.ts'
import { pick } from './properties.ts'
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
      Content: lambdaCode(written.ContentUri, 'ContentUri', into, made),
      LayerName: properties.LayerName ?? id,
      ...pick(properties, ['Description', 'CompatibleArchitectures', 'CompatibleRuntimes', 'LicenseInfo']),
    },
    { ...kept, DeletionPolicy },
  )
  into.refer(id, '', made)
}

/** AWS: the whole resource, without what only says how it is kept. */
function hashed({ id, type, attributes }: Serverless, properties: unknown): unknown {
  const { DeletionPolicy, Metadata, UpdateReplacePolicy, ...rest } = attributes
  return { [id]: { ...rest, Properties: properties, Type: type } }
}
