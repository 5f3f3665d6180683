/** Policies that hang on what nobody knows: read strictly, as what certainly allows, and kindly, as what may allow. */
import {
  type AuthorizationRequest,
  type CompiledPolicy,
  compile,
  type Decision,
  evaluate,
} from '../../../iam/index.ts'
import { isSamePolicy, type PolicyStatement, plainText, supposedPolicy } from '../../../model/index.ts'
import { hasOpen, type Undecided, type Value } from '../../../template/index.ts'
import type { StandIns } from '../stand-ins.ts'
import { type Manner, OpenRequest } from './open-request.ts'
import { readStatement } from './read-statement.ts'
import { effectsOf, type OpenStatement, statementsOf } from './statements.ts'
import { hangsOn, openIn } from './words.ts'

interface Read {
  readonly policy: CompiledPolicy
  /** What each statement hangs on, in words. */
  readonly hangs: readonly (readonly string[])[]
}

interface OpenPolicy extends Readonly<Record<Manner, Read>> {
  /** The conditions under which the policy is there at all. */
  readonly when: readonly Undecided[]
  /** The readings where that is not known. */
  readonly perhaps: Readonly<Record<Manner, CompiledPolicy>>
}

/** Conditions, by identity, that are taken to hold. */
export type Given = ReadonlySet<string>

const ALLOW_ALL = { Effect: 'Allow', Action: '*', Resource: '*' } as const

export class OpenPolicies {
  readonly #byPolicy = new Map<CompiledPolicy, OpenPolicy>()

  /** Keeps how a policy with open values reads. `shown` is what everybody else reads. */
  add(shown: CompiledPolicy, document: Value, standIns: StandIns, when: readonly Undecided[] = []): void {
    const read = (manner: Manner) => readingOf(document, shown, manner, standIns)
    const readings = hasOpen(document)
      ? { strict: read('strict'), kind: read('kind') }
      : { strict: { policy: shown, hangs: [] }, kind: { policy: shown, hangs: [] } }
    this.#byPolicy.set(shown, withPerhaps(readings, when))
  }

  /** Gives a policy as it stands where a condition attaches it; the same object is attached elsewhere without one. */
  conditionally(policy: CompiledPolicy, when: readonly Undecided[]): CompiledPolicy {
    if (!when.length) return policy
    const copy = { ...policy }
    const known = this.#byPolicy.get(policy)
    const asIs = { policy: copy, hangs: [] }
    const { strict, kind, when: before = [] } = known ?? { strict: asIs, kind: asIs }
    this.#byPolicy.set(copy, withPerhaps({ strict, kind }, [...before, ...when]))
    return copy
  }

  /** The conditions without which a policy is not there. */
  conditionsOf(policy: CompiledPolicy | undefined): readonly Undecided[] {
    return (policy && this.#byPolicy.get(policy)?.when) ?? []
  }

  /** Gives a boundary that may be another one, or none. AWS: a boundary allows nothing, and without it nothing is limited. */
  boundary(
    candidates: readonly (CompiledPolicy | undefined)[],
    shown: number,
    words: string,
  ): CompiledPolicy {
    const all = compile(
      { Version: '2012-10-17', Statement: ALLOW_ALL },
      supposedPolicy('no permissions boundary'),
    )
    const none = compile(
      { Version: '2012-10-17', Statement: [] },
      supposedPolicy('one of several permissions boundaries'),
    )
    const policy = { ...(candidates[shown] ?? all) }
    const known = candidates.filter((one) => one !== undefined)
    const only = known.length === 1 ? known[0]! : none
    const strict = this.#byPolicy.get(only)?.strict.policy ?? only
    const hangs = (one: CompiledPolicy) => [one.document.Statement].flat().map(() => [words] as const)
    const readings = {
      strict: { policy: strict, hangs: hangs(strict) },
      kind: { policy: all, hangs: [[words]] },
    }
    this.#byPolicy.set(policy, withPerhaps(readings, []))
    return policy
  }

  /**
   * Gives what a decision hangs on, in words; undefined where it falls the same way whatever is decided.
   * `given` are conditions without which the call is not made at all.
   */
  hanging(
    request: AuthorizationRequest,
    decision: Decision,
    given: Given,
    standIns: StandIns,
  ): string | undefined {
    const asked = OpenRequest.of(request, standIns)
    if (!(this.#byPolicy.size || asked)) return undefined
    const policies = policiesOf(request)
    const involved = policies.filter((one) => this.#isOpen(one, given))
    if (!(involved.length || policies.some((one) => asked?.touches(one)))) return undefined
    const isAllowed = decision.effect === 'allowed'
    const [manner, opposite]: Manner[] = isAllowed ? ['strict', 'kind'] : ['kind', 'strict']
    const read = this.#read(request, manner!, given, asked)
    const other = evaluate(read.request)
    if ((other.effect === 'allowed') === isAllowed) return undefined
    const back = evaluate(this.#read(request, opposite!, given, asked).request)
    const [strict, kind] = isAllowed ? [other, back] : [back, other]
    return (
      this.#wordsOf(strict, 'strict', involved, given) ??
      this.#wordsOf(kind, 'kind', involved, given) ??
      (this.#anyWords(involved, given) || read.hangs.join(', and '))
    )
  }

  #isOpen(policy: CompiledPolicy, given: Given): boolean {
    const open = this.#byPolicy.get(policy)
    return open !== undefined && (open.strict !== open.kind || isPerhaps(open, given))
  }

  /** Gives the request with its policies as they are read, and what of itself they hang on. */
  #read(
    request: AuthorizationRequest,
    manner: Manner,
    given: Given,
    asked: OpenRequest | undefined,
  ): { readonly request: AuthorizationRequest; readonly hangs: readonly string[] } {
    const hangs = new Set<string>()
    const read = swapped(request, (policy) => {
      const open = this.#byPolicy.get(policy)
      const own = open ? (isPerhaps(open, given) ? open.perhaps[manner] : open[manner].policy) : policy
      if (!asked?.touches(own)) return own
      const answer = asked.read(own, manner)
      for (const one of answer.hangs) hangs.add(one)
      return answer.policy
    })
    return { request: read, hangs: [...hangs] }
  }

  #wordsOf(
    { decidedBy }: Decision,
    manner: Manner,
    involved: readonly CompiledPolicy[],
    given: Given,
  ): string | undefined {
    for (const { policy: ref, index } of decidedBy) {
      for (const policy of involved.filter((one) => isSamePolicy(one.ref, ref))) {
        const open = this.#byPolicy.get(policy)!
        const [condition] = missingOf(open, given)
        const words = condition ? hangsOn(condition) : open[manner].hangs[index]?.join(', and ')
        if (words) return words
      }
    }
    return undefined
  }

  #anyWords(involved: readonly CompiledPolicy[], given: Given): string {
    const all = involved.flatMap((policy) => {
      const open = this.#byPolicy.get(policy)!
      return [...missingOf(open, given).map(hangsOn), ...open.strict.hangs.flat(), ...open.kind.hangs.flat()]
    })
    return [...new Set(all)].join(', and ')
  }
}

const missingOf = ({ when }: OpenPolicy, given: Given): Undecided[] =>
  when.filter(({ identity }) => !given.has(identity))

const isPerhaps = (open: OpenPolicy, given: Given): boolean =>
  open.when.some(({ identity }) => !given.has(identity))

/** A policy that may not be there: its denials are feared, and its permissions not counted on; or the other way round. */
function withPerhaps(readings: Readonly<Record<Manner, Read>>, when: readonly Undecided[]): OpenPolicy {
  const only = ({ policy }: Read, effect: 'Allow' | 'Deny') =>
    compile(
      {
        ...policy.document,
        Statement: [policy.document.Statement].flat().filter(({ Effect }) => Effect === effect),
      },
      policy.ref,
    )
  const perhaps = when.length
    ? { strict: only(readings.strict, 'Deny'), kind: only(readings.kind, 'Allow') }
    : { strict: readings.strict.policy, kind: readings.kind.policy }
  return { ...readings, when, perhaps }
}

/** A Deny that may stand stands strictly and not kindly; an Allow the other way round. */
function readingOf(
  document: Value,
  { ref, document: shown }: CompiledPolicy,
  manner: Manner,
  standIns: StandIns,
): Read {
  const statements: PolicyStatement[] = []
  const hangs: string[][] = []
  for (const statement of statementsOf(document))
    for (const read of readingsOf(statement, manner, standIns)) {
      statements.push(read)
      hangs.push([...new Set([...statement.when.map(hangsOn), ...openIn(statement.fields as Value)])])
    }
  const policy = compile({ Version: shown.Version ?? '2008-10-17', Statement: statements }, ref)
  return { policy, hangs }
}

function readingsOf({ fields, when }: OpenStatement, manner: Manner, standIns: StandIns): PolicyStatement[] {
  const effects = effectsOf(fields)
  const isCertain = when.length === 0 && effects.length === 1
  return effects.flatMap((effect) => {
    const wide = (effect === 'Deny') === (manner === 'strict')
    if (!(wide || isCertain)) return []
    return readStatement(fields, effect, { wide, text: (value) => plainText(standIns.plain(value)) }) ?? []
  })
}

/** Gives every policy that a request is held against. */
export function policiesOf({
  caller,
  resourcePolicy,
  resourceControlPolicies,
}: AuthorizationRequest): CompiledPolicy[] {
  return [
    ...caller.identityPolicies,
    ...[caller.boundary ?? [], resourcePolicy ?? []].flat(),
    ...(caller.serviceControlPolicies ?? []).flat(),
    ...(resourceControlPolicies ?? []).flat(),
  ]
}

function swapped(
  request: AuthorizationRequest,
  swap: (policy: CompiledPolicy) => CompiledPolicy,
): AuthorizationRequest {
  const { caller, resourcePolicy, resourceControlPolicies } = request
  const { boundary, serviceControlPolicies, identityPolicies } = caller
  return {
    ...request,
    caller: {
      ...caller,
      identityPolicies: identityPolicies.map(swap),
      ...(boundary && { boundary: swap(boundary) }),
      ...(serviceControlPolicies && {
        serviceControlPolicies: serviceControlPolicies.map((level) => level.map(swap)),
      }),
    },
    ...(resourcePolicy && { resourcePolicy: swap(resourcePolicy) }),
    ...(resourceControlPolicies && {
      resourceControlPolicies: resourceControlPolicies.map((level) => level.map(swap)),
    }),
  }
}
