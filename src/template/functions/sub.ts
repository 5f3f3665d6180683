/** Fn::Sub: text with `${Name}`, `${Resource.Attribute}` and `${!Literal}` in it. */
import type { Evaluating } from '../evaluate/evaluating.ts'
import { templateFault } from '../read/template-fault.ts'
import { overChoices } from '../values/choices.ts'
import { type Part, partsOf, textOf } from '../values/text.ts'
import type { Value } from '../values/value.ts'
import { type IntrinsicFunction, isListOf, isWrittenMap } from './intrinsic-function.ts'
import { referenced } from './ref.ts'

const PLACE = /\$\{([^{}]*)\}/g

/** Gives the names that a text asks for, literals left out. Errors: TemplateFault for a name that cannot be one. */
export function placesOf(template: string): string[] {
  const names: string[] = []
  for (const [, place] of template.matchAll(PLACE)) {
    if (place!.startsWith('!')) continue
    const name = place!.trim()
    if (!/^[A-Za-z0-9_.:]+$/.test(name))
      throw templateFault(
        'Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons',
      )
    names.push(name)
  }
  return names
}

export const sub: IntrinsicFunction = {
  name: 'Fn::Sub',
  check: (argument) =>
    typeof argument === 'string' ||
    (isListOf(argument, 2) && typeof argument[0] === 'string' && isWrittenMap(argument[1]))
      ? undefined
      : "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
  apply: (argument, evaluating) => {
    const [template, variables] = Array.isArray(argument)
      ? [argument[0] as string, new Map(Object.entries(argument[1] as object))]
      : [argument as string, new Map<string, unknown>()]
    const names = placesOf(template)
    const values = names.map((name) => named(name, variables, evaluating))
    return overChoices(values, (known) => filled(template, names, known))
  },
}

function named(
  name: string,
  variables: ReadonlyMap<string, unknown>,
  { scope, value }: Evaluating,
): Value | undefined {
  if (variables.has(name)) return value(variables.get(name))
  const dot = name.indexOf('.')
  return dot < 0 ? referenced(name, scope) : scope.attribute(name.slice(0, dot), name.slice(dot + 1))
}

function filled(template: string, names: readonly string[], values: readonly (Value | undefined)[]): Value {
  const parts: Part[] = []
  let from = 0
  let index = 0
  for (const match of template.matchAll(PLACE)) {
    parts.push(template.slice(from, match.index))
    from = match.index + match[0].length
    const place = match[1]!
    if (place.startsWith('!')) parts.push(`\${${place.slice(1)}}`)
    else parts.push(...inText(values[index], names[index++]!))
  }
  return textOf([...parts, template.slice(from)])
}

/** AWS: a list is not put into text (measured by go-to-k/cdkd#3809). */
function inText(value: Value | undefined, name: string): readonly Part[] {
  const parts = partsOf(value)
  if (parts) return parts
  throw templateFault(`Template error: variable ${name} in Fn::Sub expression does not resolve to a string`)
}
