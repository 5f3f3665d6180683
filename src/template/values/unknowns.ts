/** The unknowns that a value hangs on. */
import { Choice, Text, Unknown, type Value } from './value.ts'

/** Gives every unknown within a value, each once by identity. */
export function unknownsIn(value: Value | undefined): Unknown[] {
  const found = new Map<string, Unknown>()
  const visit = (one: unknown): void => {
    if (typeof one !== 'object' || one === null) return
    if (one instanceof Unknown) found.set(one.identity, one)
    else if (one instanceof Text) one.parts.forEach(visit)
    else if (one instanceof Choice)
      for (const each of [...one.condition.hangsOn, one.ifTrue, one.ifFalse]) visit(each)
    else for (const each of Object.values(one)) visit(each)
  }
  visit(value)
  return [...found.values()]
}

/** Whether anything within a value is open. */
export function hasOpen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (value instanceof Unknown || value instanceof Text || value instanceof Choice) return true
  for (const each of Array.isArray(value) ? value : Object.values(value)) if (hasOpen(each)) return true
  return false
}

/** The stack that a function is carried out in. */
interface ResultPlace {
  readonly place: string
  readonly title?: string
}

/** Gives what a function makes of values that hang on unknowns. */
export function unknownResult(
  name: string,
  { place, title = place }: ResultPlace,
  values: readonly (Value | undefined)[],
  details: ConstructorParameters<typeof Unknown>[2] = {},
): Unknown {
  const of = values.flatMap(unknownsIn)
  const identity = `${name}(${values.map(identityOf).join(', ')}) in ${place}`
  return new Unknown(identity, { kind: 'function', name, of }, { label: `${name} in ${title}`, ...details })
}

/** A text that is the same for two values where they are certainly the same. */
export function identityOf(value: Value | undefined): string {
  return (
    JSON.stringify(value, (_key, one: unknown) => {
      if (one instanceof Unknown) return { unknown: one.identity }
      if (one instanceof Text) return { text: one.parts }
      if (one instanceof Choice)
        return { if: one.condition.identity, ifTrue: one.ifTrue, ifFalse: one.ifFalse }
      return one
    }) ?? 'undefined'
  )
}
