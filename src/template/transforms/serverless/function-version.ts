/** AutoPublishAlias: a version whenever the code changes, and an alias that leads to it, at once or step by step. */
import { TemplateFault } from '../../read/template-fault.ts'
import { functionDeployment, refuseDeployment } from './deployment.ts'
import { type Expansion, passedOn, type Serverless } from './expansion.ts'
import { shortHash } from './logical-id.ts'
import { withParameters } from './parameter-values.ts'
import { isMap, type Properties } from './properties.ts'
import { invalid } from './refusals.ts'

export interface Published {
  /** What stands for the function where something calls it. */
  readonly reference: { readonly Ref: string }
  /** The alias's name. */
  readonly alias?: string
  /** The description of the function, where the hash of its code is part of it. */
  readonly described: Properties
}

/** Makes version and alias of a function that publishes one. Errors: InvalidResource in the translator's words. */
export function publish(source: Serverless, lambda: Properties, into: Expansion): Published {
  const { id, properties } = source
  const alias = aliasName(properties, into)
  if (alias === undefined) {
    refuseDeployment(properties, into)
    if (properties.ProvisionedConcurrencyConfig !== undefined)
      throw invalid('To set ProvisionedConcurrencyConfig AutoPublishALias must be defined on the function')
    return { reference: { Ref: id }, described: {} }
  }
  const attributes = passedOn(source.attributes)
  const sha = withParameters(properties.AutoPublishCodeSha256, into.values)
  const hash = typeof sha === 'string' ? sha.slice(0, 10) : shortHash(versionInput(properties, lambda))
  const [version, aliased] = [`${id}Version${hash}`, `${id}Alias${alias}`]
  const retained = properties.VersionDeletionPolicy
  into.put(
    version,
    'AWS::Lambda::Version',
    { Description: properties.VersionDescription, FunctionName: { Ref: id } },
    { ...attributes, DeletionPolicy: retained ?? attributes.DeletionPolicy ?? 'Retain' },
  )
  const UpdatePolicy = functionDeployment(source, into)
  into.put(
    aliased,
    'AWS::Lambda::Alias',
    {
      Name: alias,
      FunctionName: { Ref: id },
      FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
      ProvisionedConcurrencyConfig: properties.ProvisionedConcurrencyConfig,
    },
    { ...attributes, UpdatePolicy },
  )
  into.refer(id, 'Version', version)
  into.refer(id, 'Alias', aliased)
  const description = [properties.Description, sha].filter((one) => one !== undefined).join(' ')
  return {
    reference: { Ref: aliased },
    alias,
    described: typeof sha === 'string' ? { Description: description } : {},
  }
}

function aliasName({ AutoPublishAlias: given }: Properties, into: Expansion): string | undefined {
  if (given === undefined) return undefined
  const name = withParameters(given, into.values)
  const path = ['Properties', 'AutoPublishAlias']
  if (into.artifacts === 'open' && isMap(name) && typeof name.Ref === 'string') throw withoutValue(name.Ref)
  if (typeof name !== 'string')
    throw invalid("'AutoPublishAlias' must be a string or a Ref to a template parameter", path)
  if (!/^(?!^[0-9]+$)([a-zA-Z0-9-_]+)$/.test(name))
    throw invalid(
      `AutoPublishAlias name ('${name}') must contain only alphanumeric characters, hyphens, or underscores matching (?!^[0-9]+$)([a-zA-Z0-9-_]+) pattern.`,
      path,
    )
  return name
}

/** Before a deployment its values may not be known; the alias's id hangs on this one. */
const withoutValue = (parameter: string): TemplateFault =>
  new TemplateFault(`The name of an alias hangs on the parameter ${parameter}, which has no value`, {
    path: ['Parameters', parameter],
    fix: `give the parameter ${parameter} a value`,
    by: 'crossdock',
  })

/** AWS: a version is new when this is; what else the function has changes it only where that is asked for. */
function versionInput(properties: Properties, lambda: Properties): unknown {
  const { AutoPublishAliasAllProperties, Environment, MemorySize, SnapStart, Role } = properties
  if (AutoPublishAliasAllProperties === true)
    return { ...lambda, Role: Role === undefined ? undefined : lambda.Role }
  return {
    ...(lambda.Code as Properties),
    ...(isMap(Environment) ? Environment : {}),
    ...(MemorySize !== undefined && { MemorySize }),
    ...(isMap(SnapStart) && SnapStart.ApplyOn !== 'None' && { SnapStart }),
  }
}
