/** AWS::Serverless::Application: a stack within the stack. */
import { unsupportedInTemplate } from '../../read/template-fault.ts'
import type { Expansion, Serverless } from './expansion.ts'
import { isMap, ownTags, pick } from './properties.ts'
import { invalid } from './refusals.ts'

/** Errors: TemplateFault for an application of the Serverless Application Repository. */
export function expandApplication({ id, properties, attributes }: Serverless, into: Expansion): void {
  const { Location } = properties
  if (Location === undefined) throw invalid('Resource is missing the required [Location] property.')
  if (isMap(Location)) {
    for (const name of ['ApplicationId', 'SemanticVersion'])
      if (Location[name] === undefined)
        throw invalid(`Resource is missing the required [${name}] property.`, ['Properties', 'Location'])
    throw unsupportedInTemplate(`applications of the Serverless Application Repository (resource ${id})`, [
      'Resources',
      id,
      'Properties',
      'Location',
    ])
  }
  const { Metadata, ...passed } = attributes
  into.put(
    id,
    'AWS::CloudFormation::Stack',
    {
      TemplateURL: Location,
      ...pick(properties, ['Parameters', 'NotificationARNs', 'TimeoutInMinutes']),
      Tags: ownTags(properties, 'lambda:createdBy'),
    },
    passed,
  )
}
