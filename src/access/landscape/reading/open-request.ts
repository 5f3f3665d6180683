/** Requests that hold what nobody knows yet: the statements of a policy, read as they may match such a request. */
import { type AuthorizationRequest, type CompiledPolicy, compile } from '../../../iam/index.ts'
import { type PolicyStatement, plainText } from '../../../model/index.ts'
import { type Part, partsOf, Unknown } from '../../../template/index.ts'
import type { StandIns } from '../stand-ins.ts'
import { type Match, matchOf } from './may-match.ts'

export type Manner = 'strict' | 'kind'

/** A policy as it is read against one request, and the values that it hangs on. */
export interface ReadForRequest {
  readonly policy: CompiledPolicy
  readonly hangs: readonly string[]
}

interface Readings extends Readonly<Record<Manner, ReadForRequest>> {
  /** Whether either is another policy than the one that was read. */
  readonly differs: boolean
}

/** Requests of one proof by what is open in them: many have the same, and a policy is read once for them all. */
const known = new WeakMap<StandIns, Map<string, OpenRequest>>()

/** What is open in a request, with the readings of the policies that it was held against. */
export class OpenRequest {
  readonly #standIns: StandIns
  readonly #resource: readonly Part[] | undefined
  readonly #principal: readonly Part[] | undefined
  /** Open values of condition keys, by key in small letters. */
  readonly #context: ReadonlyMap<string, readonly (readonly Part[])[]>
  readonly #readings = new WeakMap<CompiledPolicy, Readings>()

  /** Gives what is open in a request; undefined where nothing is, as mostly. */
  static of(request: AuthorizationRequest, standIns: StandIns): OpenRequest | undefined {
    const told = toldOpen(request)
    if (told === '') return undefined
    const all = known.get(standIns) ?? new Map<string, OpenRequest>()
    known.set(standIns, all)
    const open = all.get(told) ?? new OpenRequest(request, standIns)
    all.set(told, open)
    return open.#resource || open.#principal || open.#context.size ? open : undefined
  }

  private constructor({ resource, caller, context }: AuthorizationRequest, standIns: StandIns) {
    this.#standIns = standIns
    const { principalArn } = caller
    this.#resource = this.#openParts(resource)
    this.#principal = this.#openParts(principalArn)
    const open = new Map<string, readonly (readonly Part[])[]>()
    for (const [key, value] of Object.entries({ ...context, 'aws:PrincipalArn': principalArn })) {
      const texts = [value ?? []].flat().map(String)
      if (texts.some((text) => this.#openParts(text) !== undefined))
        open.set(
          key.toLowerCase(),
          texts.map((text) => this.#parts(text)),
        )
    }
    this.#context = open
  }

  /** Whether how a policy answers hangs on what is open in the request. */
  touches(policy: CompiledPolicy): boolean {
    return this.#of(policy).differs
  }

  /** Gives the policy as it certainly, or at the kindest, answers; the same one where nothing in it hangs on the request. */
  read(policy: CompiledPolicy, manner: Manner): ReadForRequest {
    return this.#of(policy)[manner]
  }

  #of(policy: CompiledPolicy): Readings {
    let readings = this.#readings.get(policy)
    if (!readings) {
      const [strict, kind] = [this.#read(policy, 'strict'), this.#read(policy, 'kind')]
      readings = { strict, kind, differs: strict.policy !== policy || kind.policy !== policy }
      this.#readings.set(policy, readings)
    }
    return readings
  }

  #read(policy: CompiledPolicy, manner: Manner): ReadForRequest {
    const hangs = new Set<string>()
    let isChanged = false
    const written = [policy.document.Statement].flat() as PolicyStatement[]
    const statements = written.map((statement) => {
      const wide = (statement.Effect === 'Deny') === (manner === 'strict')
      const read = this.#statement(statement, wide, hangs) ?? never(statement)
      isChanged ||= read !== statement
      return read
    })
    if (!isChanged) return { policy, hangs: [] }
    return { policy: compile({ ...policy.document, Statement: statements }, policy.ref), hangs: [...hangs] }
  }

  /** Gives the statement; undefined where it does not certainly match. */
  #statement(statement: PolicyStatement, wide: boolean, hangs: Set<string>): PolicyStatement | undefined {
    let read: PolicyStatement | undefined = statement
    for (const step of [this.#resources, this.#principals, this.#conditions])
      read = read && step.call(this, read, wide, hangs)
    return read
  }

  #resources(statement: PolicyStatement, wide: boolean, hangs: Set<string>): PolicyStatement | undefined {
    const { Resource, NotResource, ...rest } = statement
    const text = this.#resource
    const listed = [Resource ?? NotResource ?? []].flat()
    if (!text || !listed.length) return statement
    const open = listed.filter((pattern) => matchOf(this.#parts(pattern), text) === 'possible')
    if (!open.length) return statement
    this.#note(text, hangs)
    const others = listed.filter((pattern) => !open.includes(pattern))
    if (Resource !== undefined) {
      if (wide) return { ...rest, Resource: '*' } as PolicyStatement
      return others.length ? ({ ...rest, Resource: others } as PolicyStatement) : undefined
    }
    if (!wide) return undefined
    return { ...rest, ...(others.length ? { NotResource: others } : { Resource: '*' }) } as PolicyStatement
  }

  #principals(statement: PolicyStatement, wide: boolean, hangs: Set<string>): PolicyStatement | undefined {
    const text = this.#principal
    const { Principal, NotPrincipal, ...rest } = statement as PolicyStatement & {
      NotPrincipal?: PolicyStatement['Principal']
    }
    const written = Principal ?? NotPrincipal
    if (!text || written === undefined) return statement
    const names = typeof written === 'string' ? [] : [written.AWS ?? []].flat()
    if (!names.some((name) => matchOf(this.#parts(name), text) === 'possible')) return statement
    this.#note(text, hangs)
    if (Principal !== undefined) return wide ? ({ ...rest, Principal: '*' } as PolicyStatement) : statement
    return wide ? ({ ...rest, Principal: '*' } as PolicyStatement) : undefined
  }

  #conditions(statement: PolicyStatement, wide: boolean, hangs: Set<string>): PolicyStatement | undefined {
    const { Condition } = statement
    if (!Condition || this.#context.size === 0) return statement
    let isChanged = false
    const operators: Record<string, Record<string, unknown>> = {}
    for (const [operator, keys] of Object.entries(Condition))
      for (const [key, values] of Object.entries(keys as Record<string, unknown>)) {
        const given = this.#context.get(key.toLowerCase())
        if (given && this.#isUndecided(operator, values, given)) {
          for (const one of given) this.#note(one, hangs)
          if (!wide) return undefined
          isChanged = true
        } else operators[operator] = { ...operators[operator], [key]: values }
      }
    return isChanged ? ({ ...statement, Condition: operators } as PolicyStatement) : statement
  }

  /** AWS: an operator holds by one of its values, a negated one by none; of patterns each value of the request is asked. */
  #isUndecided(operator: string, values: unknown, given: readonly (readonly Part[])[]): boolean {
    const name = operator.replace(/^.*:/, '')
    if (/^Null/i.test(name)) return false
    const open = given.filter((one) => one.some((part) => part instanceof Unknown))
    if (!/^(String|Arn)/i.test(name)) return open.length > 0
    const patterns = [values].flat().map((one) => this.#parts(plainText(one)))
    return open.some((one) => {
      const matches: Match[] = patterns.map((pattern) => matchOf(pattern, one))
      return matches.includes('possible') && !matches.includes('certain')
    })
  }

  #note(text: readonly Part[], hangs: Set<string>): void {
    for (const part of text) if (part instanceof Unknown) hangs.add(`the value of ${part.label}`)
  }

  #openParts(text: string): readonly Part[] | undefined {
    if (!text.includes('<')) return undefined
    const parts = this.#parts(text)
    return parts.some((part) => part instanceof Unknown) ? parts : undefined
  }

  #parts(text: string): readonly Part[] {
    return partsOf(this.#standIns.value(text)) ?? [text]
  }
}

/** The texts of a request that may hold stand-ins, in one. */
function toldOpen({ resource, caller, context }: AuthorizationRequest): string {
  let told = ''
  if (resource.includes('<')) told += resource
  if (caller.principalArn.includes('<')) told += ` as ${caller.principalArn}`
  for (const key in context) {
    const value = context[key]!
    if (typeof value === 'string' ? value.includes('<') : value.some((one) => one.includes('<')))
      told += ` ${key} ${value}`
  }
  return told
}

/** A statement that matches nothing, in its place among the others. */
const never = ({
  Action: _,
  NotAction: __,
  ...rest
}: PolicyStatement & { NotAction?: unknown }): PolicyStatement =>
  ({ ...rest, NotAction: '*' }) as PolicyStatement
