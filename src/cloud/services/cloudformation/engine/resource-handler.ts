/** Finds what makes resources of a type, and the properties it is called with. */

import { type Arn, AwsError } from '../../../../model/index.ts'
import {
  checkProperties,
  propertiesFailure,
  type ResourceSpec,
  refusedProperties,
  resourceSpec,
  type Value,
} from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { ResourceType } from '../../../kernel/resource-type.ts'
import { type Physical, resourcesOf } from '../state.ts'
import { hasDynamicReference, resolveDynamicReferences } from './dynamic-references.ts'
import { recordedType } from './recorded.ts'
import type { StackRun } from './stack-run.ts'
import { validationError } from './validation-error.ts'

/** Properties as a template declares them, intrinsic functions resolved. */
export type Declared = Readonly<Record<string, unknown>>

export interface Handler {
  readonly spec: ResourceSpec
  readonly type: ResourceType
  readonly recorded: boolean
}

const AS_CUSTOM = 'AWS::CloudFormation::CustomResource'

/** Loads what `handlerOf` needs for the resources that a stack has; `types` are those of resources that it will have. */
export const loadHandlers = (ctx: Context, stackId: Arn, types: readonly string[] = []): Promise<void> =>
  ctx.cloud.loadTypes([
    ...types,
    ...ctx
      .table(resourcesOf(stackId))
      .values()
      .map(({ type }) => type),
  ])

/** Needs `loadHandlers`. Errors: ValidationError for a type that the specification does not know. */
export function handlerOf(run: StackRun, type: string): Handler {
  const spec = resourceSpec(type)
  if (!spec) throw validationError(`Template format error: Unrecognized resource types: [${type}]`)
  const registered = run.ctx.cloud.resourceType(spec.open ? AS_CUSTOM : type)
  if (registered) return { spec, type: registered, recorded: false }
  return { spec, type: recordedType(spec), recorded: true }
}

/** Gives the properties that a service is called with. Errors: ValidationError listing what the specification refuses, InvalidRequest for what else is. */
export async function finalProperties(
  run: StackRun,
  logicalId: string,
  spec: ResourceSpec,
  declared: Declared,
): Promise<{ properties: Declared; resolved?: Declared }> {
  const dynamic = hasDynamicReference(declared)
  const whole = dynamic
    ? await resolveDynamicReferences(spec.type, declared, (service, operation, input) =>
        run.call(service, operation, input),
      )
    : declared
  const { properties, problems } = checkProperties(spec, whole)
  if (problems.length > 0) throw validationError(propertiesFailure(logicalId, problems))
  const [refused] = refusedProperties(spec.type, properties as Readonly<Record<string, Value>>)
  if (refused) throw new AwsError('InvalidRequest', refused.message)
  return dynamic ? { properties, resolved: properties } : { properties }
}

/** What the service was last called with. */
export function currentProperties(spec: ResourceSpec, physical: Physical): Declared {
  return checkProperties(spec, physical.resolved ?? physical.declared).properties
}
