/** What the embedded cloud refuses of resources that leave it to another resource to say something, which says nothing. */
import { entryOf } from '../../model/index.ts'
import { TemplateFault } from '../read/template-fault.ts'
import { isMap } from '../read/template-shape.ts'
import { isList, isOpen, type Value } from '../values/value.ts'
import { carriedOut, type Fallback } from './carried-out/index.ts'

/** A resource with its properties as far as they are known. */
export interface GivenResource {
  readonly type: string
  /** What `Ref` gives of it. */
  readonly ref: Value | undefined
  readonly properties: Readonly<Record<string, Value | undefined>>
}

/** Gives the faults of a resource among all those of its account and region. What hangs on values that nobody knows is let through. */
export function fallbackFaults(
  resource: GivenResource,
  around: () => readonly GivenResource[],
): TemplateFault[] {
  const fallback = entryOf(carriedOut, resource.type)?.fallback
  if (!fallback || fallback.of.some((name) => isSaid(resource.properties[name]))) return []
  const [where, value] = fallback.unless
  const found = at(resource.properties, where)
  if (found === value || isOpen(found) || isSaidFor(resource, fallback, around())) return []
  return [new TemplateFault(`The embedded cloud does not support ${fallback.refused}`, { by: 'crossdock' })]
}

function isSaidFor({ properties }: GivenResource, fallback: Fallback, around: readonly GivenResource[]) {
  const [property, otherwise] = fallback.owner
  const named = properties[property] ?? otherwise
  if (isOpen(named) && !around.some(({ ref }) => ref === named)) return true
  return fallback.saidBy.some(({ type, property: says, owner }) =>
    around.some(
      (other) =>
        other.type === type &&
        isSaid(other.properties[says]) &&
        isSame(named, owner === undefined ? other.ref : other.properties[owner]),
    ),
  )
}

/** A value that is not decided may say something. */
const isSaid = (value: Value | undefined): boolean =>
  value !== undefined && !(isList(value) && value.length === 0)

/** AWS: a thing is named by its name or by its ARN, which ends with it. */
function isSame(one: Value | undefined, other: Value | undefined): boolean {
  if (typeof one !== 'string' || typeof other !== 'string') return one === other || !isOpen(one)
  return lastPart(one) === lastPart(other)
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('/') + 1)

const at = (properties: GivenResource['properties'], where: string): Value | undefined =>
  where
    .split('.')
    .reduce<Value | undefined>(
      (value, step) =>
        isMap(value) && !isOpen(value) ? (value as GivenResource['properties'])[step] : value,
      properties as Value,
    )
