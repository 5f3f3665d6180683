/** How needs and recorded calls are held against each other. */
import type { TrailEntry } from '../../src/cloud/index.ts'
import type { Need } from '../../src/model/index.ts'
import { covers } from './prove-foreign.ts'

type Call = Pick<Need, 'principal' | 'action' | 'resource'>

export const show = ({ principal, action, resource }: Call): string => `${principal} ${action} ${resource}`

/** The calls of roles, and of services that assume them, each once. */
export function callsOf(roles: ReadonlySet<string>, trail: readonly TrailEntry[]): TrailEntry[] {
  const calls = trail.filter(
    ({ principal, action, resource }) =>
      roles.has(principal) ||
      (action === 'sts:AssumeRole' && roles.has(resource) && !principal.startsWith('arn:')),
  )
  return [...new Map(calls.map((one) => [show(one), one])).values()]
}

export const isMet = (need: Need, { principal, action, resource }: Call): boolean =>
  need.principal === principal && need.action === action && covers(need.resource, resource)

/** The proof knows keys and connections by stack and logical ID, the trail by the id that they got. */
export const isProven = (need: Need, call: Call): boolean =>
  isMet({ ...need, resource: anyId(need.resource) }, { ...call, resource: anyId(call.resource) })

const anyId = (arn: string): string =>
  arn.replace(/^(arn:[^:]+:(?:kms|code[a-z-]+):.*:(?:key|connection))\/[^*]+$/, '$1/x')

/** Why a need was not called though everything succeeded. */
export interface Excuse {
  readonly why: string
  covers(need: Need): boolean
}

const phase = (name: Need['phase'], why: string): Excuse => ({ why, covers: (need) => need.phase === name })

/** What CloudFormation needs for a resource and two executions that succeed do not show. */
export const LATER: readonly Excuse[] = [
  phase('update', 'the change did not touch this property of the resource'),
  phase('delete', 'nothing was taken out of the template, and nothing was rolled back'),
  phase('tag', 'the tags stayed as they were'),
]
