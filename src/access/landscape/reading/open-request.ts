/** Requests that hold what nobody knows yet: the statements of a policy, read as they may match such a request. */
import { type AuthorizationRequest, type CompiledPolicy, compile } from '../../../iam/index.ts'
import { type PolicyStatement, plainText } from '../../../model/index.ts'
import type { StandIns } from '../stand-ins.ts'
import { OpenText } from './open-text.ts'

export type Manner = 'strict' | 'kind'

/** A policy as it is read against one request, and the values that it hangs on. */
export interface ReadForRequest {
  readonly policy: CompiledPolicy
  readonly hangs: readonly string[]
}

type Readings = Readonly<Record<Manner, ReadForRequest>>

/** Requests of one proof by what is open in them: many have the same, and a policy is read once for them all. */
const known = new WeakMap<StandIns, Map<string, OpenRequest>>()

/** What is open in a request, with the readings of the policies that it was held against. */
export class OpenRequest {
  readonly #resource: OpenText | undefined
  readonly #principal: OpenText | undefined
  /** Open values of condition keys, by key in small letters. */
  readonly #context: ReadonlyMap<string, readonly OpenText[]>
  /** By policy; undefined where how it answers does not hang on what is open. */
  readonly #readings = new WeakMap<CompiledPolicy, Readings | undefined>()

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
    const { principalArn } = caller
    this.#resource = OpenText.in(resource, standIns)
    this.#principal = OpenText.in(principalArn, standIns)
    const open = new Map<string, readonly OpenText[]>()
    for (const [key, value] of Object.entries({ ...context, 'aws:PrincipalArn': principalArn })) {
      const texts = [value ?? []].flat().flatMap((text) => OpenText.in(String(text), standIns) ?? [])
      if (texts.length > 0) open.set(key.toLowerCase(), texts)
    }
    this.#context = open
  }

  /** Whether how a policy answers hangs on what is open in the request. */
  touches(policy: CompiledPolicy): boolean {
    return this.#of(policy) !== undefined
  }

  /** Gives the policy as it certainly, or at the kindest, answers; the same one where nothing in it hangs on the request. */
  read(policy: CompiledPolicy, manner: Manner): ReadForRequest {
    return this.#of(policy)?.[manner] ?? { policy, hangs: [] }
  }

  #of(policy: CompiledPolicy): Readings | undefined {
    const known = this.#readings.get(policy)
    if (known || this.#readings.has(policy)) return known
    const { Statement } = policy.document
    const statements = (Array.isArray(Statement) ? Statement : [Statement]) as readonly PolicyStatement[]
    const readings = statements.some((one) => this.#isOpen(one))
      ? { strict: this.#read(policy, statements, 'strict'), kind: this.#read(policy, statements, 'kind') }
      : undefined
    this.#readings.set(policy, readings)
    return readings
  }

  /** Whether a statement matches perhaps. Nothing is made here: most statements of most policies do or do not. */
  #isOpen(statement: PolicyStatement): boolean {
    return (
      this.#hasOpenResource(statement) ||
      this.#hasOpenPrincipal(statement) ||
      this.#hasOpenCondition(statement)
    )
  }

  #hasOpenResource({ Resource, NotResource }: PolicyStatement): boolean {
    const text = this.#resource
    const listed = Resource ?? NotResource
    if (!text || listed === undefined) return false
    return typeof listed === 'string'
      ? text.match(listed) === 'possible'
      : listed.some((one) => text.match(one) === 'possible')
  }

  #hasOpenPrincipal({ Principal, NotPrincipal }: WithPrincipal): boolean {
    const text = this.#principal
    const written = Principal ?? NotPrincipal
    if (!text || written === undefined || typeof written === 'string') return false
    return [written.AWS ?? []].flat().some((name) => text.match(name) === 'possible')
  }

  #hasOpenCondition({ Condition }: PolicyStatement): boolean {
    if (!Condition || this.#context.size === 0) return false
    for (const [operator, keys] of Object.entries(Condition))
      for (const [key, values] of Object.entries(keys as Record<string, unknown>)) {
        const given = this.#context.get(key.toLowerCase())
        if (given && isUndecided(operator, values, given)) return true
      }
    return false
  }

  #read(policy: CompiledPolicy, written: readonly PolicyStatement[], manner: Manner): ReadForRequest {
    const hangs = new Set<string>()
    const statements = written.map((statement) => {
      if (!this.#isOpen(statement)) return statement
      const wide = (statement.Effect === 'Deny') === (manner === 'strict')
      return this.#statement(statement, wide, hangs) ?? never(statement)
    })
    return { policy: compile({ ...policy.document, Statement: statements }, policy.ref), hangs: [...hangs] }
  }

  /** Gives the statement; undefined where it does not certainly match. */
  #statement(statement: PolicyStatement, wide: boolean, hangs: Set<string>): PolicyStatement | undefined {
    let read: PolicyStatement | undefined = statement
    if (this.#hasOpenResource(statement)) read = this.#resources(statement, wide, hangs)
    if (read && this.#hasOpenPrincipal(read)) read = this.#principals(read, wide, hangs)
    return read && this.#hasOpenCondition(read) ? this.#conditions(read, wide, hangs) : read
  }

  #resources(statement: PolicyStatement, wide: boolean, hangs: Set<string>): PolicyStatement | undefined {
    const { Resource, NotResource, ...rest } = statement
    const text = this.#resource!
    note([text], hangs)
    const others = [Resource ?? NotResource ?? []].flat().filter((one) => text.match(one) !== 'possible')
    if (Resource !== undefined) {
      if (wide) return { ...rest, Resource: '*' } as PolicyStatement
      return others.length ? ({ ...rest, Resource: others } as PolicyStatement) : undefined
    }
    if (!wide) return undefined
    return { ...rest, ...(others.length ? { NotResource: others } : { Resource: '*' }) } as PolicyStatement
  }

  #principals(statement: PolicyStatement, wide: boolean, hangs: Set<string>): PolicyStatement | undefined {
    const { Principal, NotPrincipal, ...rest } = statement as WithPrincipal
    note([this.#principal!], hangs)
    if (wide) return { ...rest, Principal: '*' } as PolicyStatement
    return Principal !== undefined ? statement : undefined
  }

  #conditions(statement: PolicyStatement, wide: boolean, hangs: Set<string>): PolicyStatement | undefined {
    const operators: Record<string, Record<string, unknown>> = {}
    for (const [operator, keys] of Object.entries(statement.Condition!))
      for (const [key, values] of Object.entries(keys as Record<string, unknown>)) {
        const given = this.#context.get(key.toLowerCase())
        if (given && isUndecided(operator, values, given)) {
          note(given, hangs)
          if (!wide) return undefined
        } else operators[operator] = { ...operators[operator], [key]: values }
      }
    return { ...statement, Condition: operators } as PolicyStatement
  }
}

type WithPrincipal = PolicyStatement & { readonly NotPrincipal?: PolicyStatement['Principal'] }

/** AWS: an operator holds by one of its values, a negated one by none; of patterns each value of the request is asked. */
function isUndecided(operator: string, values: unknown, given: readonly OpenText[]): boolean {
  const name = operator.replace(/^.*:/, '')
  if (/^Null/i.test(name)) return false
  if (!/^(String|Arn)/i.test(name)) return true
  const patterns = [values].flat().map(plainText)
  return given.some((one) => {
    const matches = patterns.map((pattern) => one.match(pattern))
    return matches.includes('possible') && !matches.includes('certain')
  })
}

function note(texts: readonly OpenText[], hangs: Set<string>): void {
  for (const { holes } of texts) for (const { label } of holes) hangs.add(`the value of ${label}`)
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
