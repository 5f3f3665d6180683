/** Fn::Sub: text with `${Name}`, `${Resource.Attribute}` and `${!Literal}` in it. */
import { reference, resolve, type Scope } from '../evaluate/resolve.ts'
import { templateFault } from '../read/template-fault.ts'

const PLACE = /\$\{([^}]*)\}/g

/** Gives the names that a text asks for, literals left out. Errors: ValidationError for a name that cannot be one. */
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

/** Gives the text of `Fn::Sub` in either form. */
export function substitute(argument: unknown, scope: Scope): string {
  const [template, variables] = Array.isArray(argument)
    ? [argument[0] as string, argument[1] as Record<string, unknown>]
    : [argument as string, {}]
  placesOf(template)
  return template.replace(PLACE, (whole, place: string) => {
    if (place.startsWith('!')) return `\${${place.slice(1)}}`
    const name = place.trim()
    return asText(name in variables ? resolve(variables[name], scope) : valueNamed(name, scope), name, whole)
  })
}

function valueNamed(name: string, scope: Scope): unknown {
  const dot = name.indexOf('.')
  return dot < 0 ? reference(name, scope) : scope.attribute(name.slice(0, dot), name.slice(dot + 1))
}

function asText(value: unknown, name: string, whole: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.join(',')
  throw templateFault(`Template error: Fn::Sub cannot put ${name} into text: ${whole} does not give a string`)
}
