/** Holds what stands against the template: resource by resource, property by property. */
import { AwsError, entryOf } from '../../../../model/index.ts'
import { resourceSpec } from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Properties, ReadContext, ResourceType } from '../../../kernel/resource-type.ts'
import { type ResourceDrift, resourcesOf, type Stack, type StackResource } from '../state.ts'
import { propertyDifferences } from './property-differences.ts'
import { currentProperties, loadHandlers } from './resource-handler.ts'

export interface FoundDrift {
  readonly resources: readonly ResourceDrift[]
  /** Why a resource could not be looked at, where one could not. */
  readonly failure?: string
}

/**
 * Looks at every resource with the identity of the caller.
 * AWS: whoever detects drift needs the permissions to read the resources; what has no drift detection is not checked.
 */
export async function findDrift(ctx: Context, stack: Stack): Promise<FoundDrift> {
  await loadHandlers(ctx, stack.id)
  const records = ctx.table(resourcesOf(stack.id)).values()
  const own = new Set(records.flatMap(({ physical }) => physical?.id ?? []))
  const resources: ResourceDrift[] = []
  let failure: string | undefined
  for (const record of records) {
    if (!record.physical) continue
    const found = await driftOf(ctx, record, own).catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      failure ??= `${record.logicalId}: ${error.message}`
      return undefined
    })
    if (found) resources.push(found)
  }
  return { resources, ...(failure !== undefined && { failure }) }
}

async function driftOf(
  ctx: Context,
  { logicalId, type, physical }: StackResource,
  own: ReadonlySet<string>,
): Promise<ResourceDrift> {
  const { id: physicalId } = physical!
  const base = { logicalId, physicalId, type, at: ctx.cloud.clock.now(), differences: [] }
  const [handler, spec] = [ctx.cloud.resourceType(type), resourceSpec(type)]
  if (!handler || !spec) return { ...base, status: 'NOT_CHECKED' }
  const call: ReadContext['call'] = (service, operation, input) => ctx.call(service, operation, input)
  const rc: ReadContext = { account: ctx.account, region: ctx.region, call }
  const declared = currentProperties(spec, physical!) as Properties
  if (!handler.current)
    return { ...base, status: (await isGone(handler, physicalId, rc)) ? 'DELETED' : 'NOT_CHECKED' }
  const current = await handler.current(physicalId, declared, rc)
  if (!current) return { ...base, status: 'DELETED' }
  const actual = withoutAttached(current, declared, own)
  const told = Object.fromEntries(
    Object.keys(actual).flatMap((name) => (Object.hasOwn(declared, name) ? [[name, declared[name]]] : [])),
  )
  const differences = Object.keys(told).flatMap((name) =>
    propertyDifferences(`/${name}`, told[name], entryOf(actual, name)),
  )
  return {
    ...base,
    status: differences.length ? 'MODIFIED' : 'IN_SYNC',
    expected: JSON.stringify(told),
    actual: JSON.stringify(Object.fromEntries(Object.keys(told).map((name) => [name, actual[name]]))),
    differences,
  }
}

const isGone = async ({ read }: ResourceType, id: string, rc: ReadContext): Promise<boolean> =>
  read !== undefined && (await read(id, rc)) === undefined

/** AWS: what another resource of the stack attaches is no drift of the one that it is attached to. */
const withoutAttached = (current: Properties, declared: Properties, own: ReadonlySet<string>): Properties =>
  Object.fromEntries(
    Object.entries(current).map(([name, value]) => {
      const said = new Set(Array.isArray(declared[name]) ? declared[name] : [])
      return [name, Array.isArray(value) ? value.filter((one) => said.has(one) || !own.has(one)) : value]
    }),
  )
