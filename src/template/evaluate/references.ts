/** Finds what a template value refers to, without evaluating it. */
import { entryOf } from '../../model/index.ts'
import { attributeOf, getAtt } from '../functions/get-att.ts'
import { intrinsicName } from '../functions/intrinsic-function.ts'
import { placesOf } from '../functions/sub.ts'
import type { Decision } from '../values/value.ts'

export type Reference =
  | { readonly kind: 'ref'; readonly name: string }
  | { readonly kind: 'attribute'; readonly name: string; readonly attribute: unknown }
  | { readonly kind: 'condition'; readonly name: string }
  | { readonly kind: 'mapping'; readonly name: string }
  | { readonly kind: 'import'; readonly name: unknown }
  | { readonly kind: 'call'; readonly name: string; readonly argument: unknown }

/**
 * Calls back for every reference and every call of an intrinsic function. With `decide` a branch of an
 * `Fn::If` that certainly does not hold is left out.
 */
export function eachReference(
  value: unknown,
  visit: (found: Reference) => void,
  decide?: (name: string) => Decision,
): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) eachReference(item, visit, decide)
    return
  }
  const name = intrinsicName(value)
  if (!name) {
    for (const item of Object.values(value)) eachReference(item, visit, decide)
    return
  }
  const argument = entryOf(value as Record<string, unknown>, name)
  visit({ kind: 'call', name, argument })
  ofCall(name, argument, visit, decide)
}

function ofCall(
  name: string,
  argument: unknown,
  visit: (found: Reference) => void,
  decide?: (name: string) => Decision,
): void {
  if (isMalformed(name, argument)) {
    eachReference(argument, visit, decide)
  } else if (name === 'Ref') {
    visit({ kind: 'ref', name: argument as string })
  } else if (name === 'Fn::GetAtt') {
    const [logicalId, attribute] = attributeOf(argument)
    visit({ kind: 'attribute', name: logicalId, attribute })
    eachReference(attribute, visit, decide)
  } else if (name === 'Fn::Sub') {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}]
    for (const place of placesOf(template as string))
      if (!Object.hasOwn(variables, place)) visit(ofPlace(place))
    eachReference(variables, visit, decide)
  } else if (name === 'Fn::If' && Array.isArray(argument)) {
    visit({ kind: 'condition', name: argument[0] })
    const holds = decide?.(argument[0])
    const chosen = typeof holds === 'boolean' ? [argument[holds ? 1 : 2]] : argument.slice(1)
    eachReference(chosen, visit, decide)
  } else {
    if (
      name === 'Fn::FindInMap' &&
      Array.isArray(argument) &&
      typeof argument[0] === 'string' &&
      argument.length === 3
    )
      visit({ kind: 'mapping', name: argument[0] })
    if (name === 'Fn::ImportValue') visit({ kind: 'import', name: argument })
    eachReference(argument, visit, decide)
  }
}

/** What is no call of its function names nothing; its fault is told where functions are checked. */
function isMalformed(name: string, argument: unknown): boolean {
  if (name === 'Ref') return typeof argument !== 'string'
  if (name === 'Fn::GetAtt') return getAtt.check?.(argument) !== undefined
  if (name !== 'Fn::Sub') return false
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}]
  return typeof template !== 'string' || typeof variables !== 'object' || variables === null
}

function ofPlace(place: string): Reference {
  const dot = place.indexOf('.')
  if (dot < 0) return { kind: 'ref', name: place }
  return { kind: 'attribute', name: place.slice(0, dot), attribute: place.slice(dot + 1) }
}

/** Gives the conditions that a condition's expression names. */
export function conditionNames(expression: unknown, found: string[] = []): string[] {
  if (typeof expression !== 'object' || expression === null) return found
  for (const [key, value] of Object.entries(expression)) {
    if (key === 'Condition' && typeof value === 'string') found.push(value)
    else conditionNames(value, found)
  }
  return found
}

/** AWS's words for references to what is not there. */
export const unresolvedIn = (block: 'Resources' | 'Outputs', names: readonly string[]): string =>
  `Template format error: Unresolved resource dependencies [${names.join(', ')}] in the ${block} block of the template`
