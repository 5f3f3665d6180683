/** Fn::Select: one item of a list. */
import type { Scope } from '../evaluate/evaluating.ts'
import { templateFault } from '../read/template-fault.ts'
import { overChoices } from '../values/choices.ts'
import { unknownResult } from '../values/unknowns.ts'
import { isList, isOpen, Unknown, type Value } from '../values/value.ts'
import { type IntrinsicFunction, isListOf } from './intrinsic-function.ts'

const ARGUMENTS =
  'Template error: Fn::Select requires a list argument with two elements: an integer index and a list'

export const select: IntrinsicFunction = {
  name: 'Fn::Select',
  check: (argument) => (isListOf(argument, 2) ? undefined : ARGUMENTS),
  apply: (argument, { scope, value }) => {
    const [index, list] = argument as unknown[]
    return overChoices([value(index), value(list)], ([at, items]) =>
      isList(items)
        ? overChoices([at, ...items], ([where, ...known]) => item(where, known, scope))
        : item(at, items, scope),
    )
  },
}

function item(
  index: Value | undefined,
  items: Value | undefined | readonly (Value | undefined)[],
  scope: Scope,
): Value {
  if (index !== undefined && isOpen(index)) return unknownResult('Fn::Select', scope, [index, items as Value])
  if (!/^\d+$/.test(String(index))) throw templateFault(ARGUMENTS)
  if (items instanceof Unknown) {
    const known = items.head[Number(index)]
    return known ?? unknownResult('Fn::Select', scope, [index, items])
  }
  if (!Array.isArray(items)) throw templateFault(ARGUMENTS)
  const present = items.filter((one) => one !== undefined) as Value[]
  const found = present[Number(index)]
  if (found !== undefined) return found
  throw templateFault(`Template error: Fn::Select cannot select nonexistent value at index ${index}`)
}
