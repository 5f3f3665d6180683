/** The Rules section: assertions about parameters, checked before anything is made. */
import type { Template } from '../model/index.ts'
import { presentIn, refuseLacking } from './evaluate/evaluate.ts'
import type { Scope } from './evaluate/evaluating.ts'
import { Evaluator } from './evaluate/evaluator.ts'
import { intrinsicName } from './functions/intrinsic-function.ts'
import { templateFault, unsupportedInTemplate } from './read/template-fault.ts'
import { hasOpen, identityOf } from './values/unknowns.ts'
import { Unknown } from './values/value.ts'

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
  const none = (): never => {
    throw templateFault('Template format error: Rules can only refer to parameters')
  }
  const conditions = {}
  checkAssertions(
    template,
    new Evaluator({ ...scope, conditions, reference: none, attribute: none, imported: none }),
  )
}

/**
 * Refuses what the parameters alone rule out: AWS carries out functions before it makes anything, as far as it can
 * without the resources. Errors: TemplateFault for references to what conditions leave out, for keys that no mapping has,
 * for items that no list has, and whatever else the functions refuse.
 */
export function checkPresence(template: Template, scope: RuleScope): void {
  const { condition, value } = new Evaluator({
    ...scope,
    conditions: template.Conditions ?? {},
    reference: (id) => made(id),
    attribute: (id, name) => made(id, name),
    imported: (name) => new Unknown(`import ${identityOf(name)}`, { kind: 'export', name: identityOf(name) }),
  })
  const present = presentIn(template, condition)
  refuseLacking(present)
  for (const id of present.active) value(template.Resources[id]!.Properties)
  for (const name of present.outputs) {
    const { Value: given, Export } = template.Outputs![name]!
    value([given, Export?.Name])
  }
}

/** What only its resource will tell. */
const made = (id: string, attribute?: string): Unknown =>
  new Unknown(attribute === undefined ? id : `${id}.${attribute}`, { kind: 'attribute', id, attribute })

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
