/** The Rules section: assertions about parameters, checked before anything is made. */
import type { Template } from '../model/index.ts'
import { evaluateCondition } from './evaluate/conditions.ts'
import { intrinsicName, resolve, type Scope } from './evaluate/resolve.ts'
import { templateFault, unsupportedInTemplate } from './read/template-fault.ts'

interface Rule {
  readonly RuleCondition?: unknown
  readonly Assertions?: readonly { readonly Assert: unknown; readonly AssertDescription?: string }[]
}

/** Errors: ValidationError with the descriptions of the assertions that fail; for the functions that are not there. */
export function checkRules(template: Template, scope: Scope): void {
  const failed: string[] = []
  for (const [name, rule] of Object.entries((template.Rules ?? {}) as Record<string, Rule>)) {
    if (!Array.isArray(rule.Assertions))
      throw templateFault(`Template format error: Rule ${name} has no Assertions.`)
    if (rule.RuleCondition !== undefined && !holds(rule.RuleCondition, scope)) continue
    for (const one of rule.Assertions)
      if (!holds(one.Assert, scope)) failed.push(one.AssertDescription ?? `Assertion of rule ${name} failed`)
  }
  if (failed.length > 0) throw templateFault(`Template error: ${failed.join('; ')}`)
}

const lists: Readonly<Record<string, (values: string[], others: string[]) => boolean>> = {
  'Fn::Contains': (values, [wanted = '']) => values.includes(wanted),
  'Fn::EachMemberEquals': (values, [wanted]) => values.every((one) => one === wanted),
  'Fn::EachMemberIn': (values, others) => values.every((one) => others.includes(one)),
}

function holds(expression: unknown, scope: Scope): boolean {
  if (typeof expression !== 'object' || expression === null) return evaluateCondition(expression, scope)
  const name = intrinsicName(expression) ?? ''
  const argument = (expression as Record<string, unknown>)[name]
  if (name === 'Fn::And') return (argument as unknown[]).every((one) => holds(one, scope))
  if (name === 'Fn::Or') return (argument as unknown[]).some((one) => holds(one, scope))
  if (name === 'Fn::Not') return !holds((argument as unknown[])[0], scope)
  const compare = lists[name]
  if (compare) {
    const [values, others] = (resolve(argument, scope) as unknown[]).map((one) => [one].flat().map(String))
    return compare(values ?? [], others ?? [])
  }
  if (['Fn::RefAll', 'Fn::ValueOf', 'Fn::ValueOfAll'].includes(name))
    throw unsupportedInTemplate(`the rule function ${name}`)
  return evaluateCondition(expression, scope)
}
