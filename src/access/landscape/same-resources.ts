/** Resources of one stack that are one to AWS, each under a condition: one or the other is there. */
import { Choice, identityOf, isList, type Undecided, type Value } from '../../template/index.ts'

type Properties = Readonly<Record<string, Value | undefined>>

export interface Presented {
  readonly values: Properties
  readonly when?: Undecided
}

/**
 * Gives what there is of resources with one name. AWS makes no two of one name, so that at most one of the conditions
 * holds; that one of them does is taken for granted, for without the resource nothing is called. Undefined where not each
 * of them hangs on a condition of its own: then the stack cannot be made.
 */
export function eitherOf(resources: readonly Presented[]): Properties | undefined {
  const conditions = resources.flatMap(({ when }) => when ?? [])
  if (new Set(conditions.map(({ identity }) => identity)).size < resources.length) return undefined
  return resources.reduceRight<Properties | undefined>(
    (others, { values, when }) => (others ? membersOf(when!, values, others) : values),
    undefined,
  )
}

function membersOf(
  condition: Undecided,
  one: Properties,
  other: Properties,
): Record<string, Value | undefined> {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries([...names].map((name) => [name, either(condition, one[name], other[name])]))
}

/** What is the same in both does not hang on the condition: it is parted where the two differ. */
function either(condition: Undecided, one: Value | undefined, other: Value | undefined): Value | undefined {
  if (identityOf(one) === identityOf(other)) return one
  if (isMap(one) && isMap(other)) return membersOf(condition, one, other) as Value
  if (isList(one) && isList(other) && one.length === other.length && [...one, ...other].every(isMap))
    return one.map((each, index) => either(condition, each, other[index])!)
  return new Choice(condition, one, other)
}

const isMap = (value: Value | undefined): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
