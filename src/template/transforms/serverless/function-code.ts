/** The code of a serverless function: in S3, in the template, or an image. */
import type { Expansion } from './expansion.ts'
import { withParameters } from './parameter-values.ts'
import type { Properties } from './properties.ts'
import { invalid } from './refusals.ts'
import { lambdaCode } from './stored-at.ts'

/** Gives the property Code. Errors: InvalidResource in the translator's words. */
export function functionCode(properties: Properties, into: Expansion): Properties {
  const { PackageType = 'Zip', SourceKMSKeyArn } = properties
  const code = withParameters(
    PackageType === 'Image' ? imageCode(properties) : zipCode(properties, into),
    into.values,
  )
  return { ...(code as Properties), ...(SourceKMSKeyArn !== undefined && { SourceKMSKeyArn }) }
}

function imageCode({ ImageUri, Runtime, Handler, Layers }: Properties): Properties {
  if (Runtime !== undefined || Handler !== undefined || Layers !== undefined)
    throw invalid('Runtime, Handler, Layers cannot be present when PackageType is of type `Image`')
  if (ImageUri === undefined) throw invalid("'ImageUri' must be set.")
  return { ImageUri }
}

function zipCode(properties: Properties, into: Expansion): Properties {
  const { Runtime, Handler, InlineCode, CodeUri } = properties
  if (Runtime === undefined || Handler === undefined)
    throw invalid('Runtime and Handler needs to be present when PackageType is of type `Zip`')
  if (InlineCode !== undefined) return { ZipFile: InlineCode }
  if (CodeUri !== undefined) return lambdaCode(withParameters(CodeUri, into.values), 'CodeUri', into)
  if (into.artifacts === 'open') return {}
  throw invalid("Only one of 'InlineCode' or 'CodeUri' can be set.")
}
