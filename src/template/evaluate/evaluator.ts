/** Carries out the intrinsic functions of a template. What nobody knows yet stays open, and so does what hangs on it. */

import { functions } from '../functions/index.ts'
import { intrinsicName } from '../functions/intrinsic-function.ts'
import { unknownFunction } from '../functions/unknown-function.ts'
import { TemplateFault, templateFault } from '../read/template-fault.ts'
import { partsOf, sameText, textOf } from '../values/text.ts'
import { hasOpen, identityOf, unknownsIn } from '../values/unknowns.ts'
import { Choice, type Decision, type Undecided, type Unknown, type Value } from '../values/value.ts'
import { splitDynamic } from './dynamic-text.ts'
import type { Evaluating, Scope } from './evaluating.ts'

export class Evaluator implements Evaluating {
  readonly scope: Scope
  private readonly decided = new Map<string, Decision>()
  private readonly deciding = new Set<string>()
  private assumed: ReadonlyMap<string, boolean> = new Map()

  constructor(scope: Scope) {
    this.scope = scope
  }

  /**
   * Gives a value with its functions carried out; the very same object where there is none in it, and undefined for
   * AWS::NoValue. Errors: TemplateFault in AWS's words.
   */
  readonly value = (written: unknown): Value | undefined => {
    if (typeof written === 'string') return this.text(written)
    if (typeof written !== 'object' || written === null) return written as Value
    if (Array.isArray(written)) return this.list(written)
    const name = intrinsicName(written)
    return name ? this.call(name, (written as Record<string, unknown>)[name]) : this.map(written)
  }

  /** Gives whether a condition of the template holds. Errors: TemplateFault for unknown or circular ones. */
  readonly condition = (name: string): Decision => {
    const { conditions, place, title = place } = this.scope
    const known = this.assumed.get(name) ?? this.decided.get(name)
    if (typeof known === 'boolean' || (known && this.assumed.size === 0)) return known
    if (this.deciding.has(name))
      throw templateFault(`Template error: Found circular condition dependency with ${name}`)
    if (!Object.hasOwn(conditions, name))
      throw templateFault(`Template error: Condition ${name} is not defined`)
    const holds = this.decideOnce(name, conditions[name])
    const decision =
      typeof holds === 'boolean' ? holds : { ...holds, name, identity: `${name} of ${place}`, of: title }
    // What an assumption has decided does not hold beyond it.
    if (this.assumed.size === 0) this.decided.set(name, decision)
    return decision
  }

  private decideOnce(name: string, expression: unknown): Decision {
    this.deciding.add(name)
    try {
      return this.decide(expression)
    } finally {
      this.deciding.delete(name)
    }
  }

  readonly assuming = <T>(condition: string, holds: boolean, run: () => T): T => {
    const before = this.assumed
    this.assumed = new Map([...before, [condition, holds]])
    try {
      return run()
    } finally {
      this.assumed = before
    }
  }

  /** Gives the truth of a condition's expression. Errors: TemplateFault where it is none. */
  readonly decide = (expression: unknown): Decision => {
    if (typeof expression === 'boolean') return expression
    if (typeof expression === 'string' && /^(true|false)$/i.test(expression))
      return expression.toLowerCase() === 'true'
    const [name, argument] = Object.entries((expression ?? {}) as Record<string, unknown>)[0] ?? []
    const list = Array.isArray(argument) ? argument : [argument]
    if (name === 'Condition') return this.condition(argument as string)
    if (name === 'Fn::And') return together(list, (one) => this.decide(one), false)
    if (name === 'Fn::Or') return together(list, (one) => this.decide(one), true)
    if (name === 'Fn::Not') return negated(this.decide(list[0]))
    if (name === 'Fn::Equals') return this.equal(this.value(list[0]), this.value(list[1]))
    throw templateFault(
      'Template format error: Conditions can only be boolean operations on parameters and other conditions',
    )
  }

  private equal(one: Value | undefined, other: Value | undefined): Decision {
    if (one instanceof Choice) return eitherWay(one, (branch) => this.equal(branch, other))
    if (other instanceof Choice) return eitherWay(other, (branch) => this.equal(one, branch))
    const [parts, others] = [partsOf(one), partsOf(other)]
    const same =
      parts && others
        ? sameText(parts, others)
        : hasOpen(one) || hasOpen(other)
          ? identityOf(one) === identityOf(other) || undefined
          : comparable(one) === comparable(other)
    return same ?? undecided([...unknownsIn(one), ...unknownsIn(other)])
  }

  private text(written: string): Value {
    const { dynamic } = this.scope
    if (!dynamic || !written.includes('{{resolve:')) return written
    return textOf(
      splitDynamic(written).flatMap((part) =>
        typeof part === 'string' ? [part] : (partsOf(dynamic(part.reference)) ?? []),
      ),
    )
  }

  private list(written: readonly unknown[]): Value {
    const items: Value[] = []
    let changed = false
    for (const one of written) {
      const item = this.value(one)
      changed ||= item !== one
      if (item !== undefined) items.push(item)
    }
    return changed ? items : (written as Value)
  }

  private map(written: object): Value {
    const entries: [string, Value][] = []
    let changed = false
    for (const [key, one] of Object.entries(written)) {
      const item = this.value(one)
      changed ||= item !== one
      if (item !== undefined) entries.push([key, item])
    }
    return changed ? Object.fromEntries(entries) : (written as Value)
  }

  private call(name: string, argument: unknown): Value | undefined {
    const { refused } = this.scope
    if (!refused) return this.carryOut(name, argument)
    try {
      return this.carryOut(name, argument)
    } catch (error) {
      if (!(error instanceof TemplateFault)) throw error
      return refused(error)
    }
  }

  private carryOut(name: string, argument: unknown): Value | undefined {
    const found = functions.get(name)
    if (!found) throw unknownFunction(name)
    const problem = found.check?.(argument)
    if (problem) throw templateFault(problem)
    return found.apply(argument, this)
  }
}

/** A decision that has no name yet: the condition that it decides gives it one. */
const undecided = (hangsOn: readonly Unknown[]): Undecided => ({ name: '', identity: '', hangsOn })

const negated = (decision: Decision): Decision => (typeof decision === 'boolean' ? !decision : decision)

/** And, Or: one member that is `decisive` decides, though others are open. */
function together(
  list: readonly unknown[],
  decide: (expression: unknown) => Decision,
  decisive: boolean,
): Decision {
  const all = list.map(decide)
  if (all.includes(decisive)) return decisive
  const open = all.filter((one) => typeof one !== 'boolean')
  return open.length === 0 ? !decisive : undecided(open.flatMap((one) => one.hangsOn))
}

function eitherWay(choice: Choice, decide: (branch: Value | undefined) => Decision): Decision {
  const [one, other] = [decide(choice.ifTrue), decide(choice.ifFalse)]
  if (typeof one === 'boolean' && one === other) return one
  return undecided(choice.condition.hangsOn)
}

const comparable = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value)
