/** The Rules section: assertions about parameters, checked before anything is made. */
import type { Template } from '../model/index.ts'
import { presentIn, refuseLacking } from './evaluate/evaluate.ts'
import type { Scope } from './evaluate/evaluating.ts'
import { Evaluator } from './evaluate/evaluator.ts'
import { intrinsicName } from './functions/intrinsic-function.ts'
import { templateFault, unsupportedInTemplate } from './read/template-fault.ts'
import { hasOpen } from './values/unknowns.ts'

interface Rule {
  readonly RuleCondition?: unknown
  readonly Assertions?: readonly { readonly Assert: unknown; readonly AssertDescription?: string }[]
}

/** Rules speak of parameters only. */
export type RuleScope = Pick<Scope, 'place' | 'title' | 'region' | 'values' | 'mappings'>

/**
 * Holds the parameters against the template's rules; what hangs on a value that nobody knows is let through.
 * Errors: TemplateFault with the descriptions of the assertions that fail, and for the functions that are not there.
 */
export function checkRules(template: Template, scope: RuleScope): void {
  checkAssertions(template, ofParameters(scope, {}))
}

/**
 * Refuses what conditions rule out by the parameters alone. Errors: TemplateFault for conditions that cannot be decided
 * and references to what they leave out.
 */
export function checkPresence(template: Template, scope: RuleScope): void {
  const { condition } = ofParameters(scope, template.Conditions ?? {})
  refuseLacking(presentIn(template, condition))
}

/** Gives what evaluates where nothing but parameters can be referred to. */
function ofParameters(scope: RuleScope, conditions: Scope['conditions']): Evaluator {
  const none = (): never => {
    throw templateFault('Template format error: Rules can only refer to parameters')
  }
  return new Evaluator({ ...scope, conditions, reference: none, attribute: none, imported: none })
}

function checkAssertions(template: Template, evaluator: Evaluator): void {
  const failed: string[] = []
  for (const [name, rule] of Object.entries((template.Rules ?? {}) as Record<string, Rule>)) {
    if (!Array.isArray(rule.Assertions))
      throw templateFault(`Template format error: Rule ${name} has no Assertions.`, ['Rules', name])
    if (rule.RuleCondition !== undefined && holds(rule.RuleCondition, evaluator) !== true) continue
    for (const one of rule.Assertions)
      if (holds(one.Assert, evaluator) === false)
        failed.push(one.AssertDescription ?? `Assertion of rule ${name} failed`)
  }
  if (failed.length > 0) throw templateFault(`Template error: ${failed.join('; ')}`, ['Rules'])
}

const lists: ReadonlyMap<string, (values: string[], others: string[]) => boolean> = new Map([
  ['Fn::Contains', (values, [wanted = '']) => values.includes(wanted)],
  ['Fn::EachMemberEquals', (values, [wanted]) => values.every((one) => one === wanted)],
  ['Fn::EachMemberIn', (values, others) => values.every((one) => others.includes(one))],
])

/** Whether a rule's expression holds; undefined where that hangs on a value that is not known. */
function holds(expression: unknown, evaluator: Evaluator): boolean | undefined {
  const name = (typeof expression === 'object' && expression && intrinsicName(expression)) || ''
  const argument = (expression as Record<string, unknown> | null)?.[name]
  const each = () => [argument].flat().map((one) => holds(one, evaluator))
  if (name === 'Fn::And') return all(each())
  if (name === 'Fn::Or') return opposite(all(each().map(opposite)))
  if (name === 'Fn::Not') return opposite(each()[0])
  const compare = lists.get(name)
  if (compare) {
    const given = [argument].flat().map((one) => evaluator.value(one))
    if (given.some(hasOpen)) return undefined
    const [values = [], others = []] = given.map((one) => [one].flat().map(String))
    return compare(values, others)
  }
  if (['Fn::RefAll', 'Fn::ValueOf', 'Fn::ValueOfAll'].includes(name))
    throw unsupportedInTemplate(`the rule function ${name}`)
  const decision = evaluator.decide(expression)
  return typeof decision === 'boolean' ? decision : undefined
}

const all = (members: readonly (boolean | undefined)[]): boolean | undefined =>
  members.includes(false) ? false : members.includes(undefined) ? undefined : true

const opposite = (one: boolean | undefined): boolean | undefined => (one === undefined ? undefined : !one)
