/** What policies grant and no pipeline needs. */
import type { PolicyStatement } from '../model/index.ts'
import type { KnownRole, Landscape, LocatedPolicy } from './landscape/landscape.ts'
import type { Origin } from './landscape/placed-template.ts'
import { awsPrincipals, conditionsOf, listOf, nameOf, statementsOf } from './lint/rule.ts'
import type { Edge, Proof } from './prove/proof.ts'
import { samplesOf } from './prove/samples.ts'
import { textMatcher } from './text-matcher.ts'

/** A part of a policy that could go, or could be narrower. */
export interface Excess {
  /** The policy's label. */
  readonly policy: string
  /** Place of the statement in its policy, from 0. */
  readonly index: number
  readonly sid?: string
  readonly kind: 'statement' | 'action' | 'resource' | 'any-resource' | 'whole-account' | 'any-action'
  /** What is granted beyond need. */
  readonly granted: string
  /** In one sentence. */
  readonly message: string
  readonly origin: Origin
}

/** Actions that stay on a key for its owner though no pipeline makes them. */
const KEY_ADMINISTRATION =
  /^kms:(\*|(cancel|create|delete|describe|disable|enable|get|list|put|retire|revoke|schedule|tag|untag|update).*)$/i

/**
 * Gives what no need of the proof uses: statements, actions and resources of the policies of every role that
 * pipelines work as, of artifact buckets and of keys. Beside it, what is used but open: `*` and whole accounts.
 */
export function findOvergrants(landscape: Landscape, { edges }: Proof): Excess[] {
  const byPolicy = usesByPolicy(edges)
  return relevantPolicies(landscape, edges).flatMap((located) =>
    statementsOf(located).flatMap(([statement, index]) => {
      const { label } = located.policy
      if (statement.Effect !== 'Allow' || isOwnersAdministration(statement, located, landscape)) return []
      const uses = byPolicy.get(label)?.get(index) ?? []
      const found = uses.length ? partsBeyond(statement, uses) : [wholeStatement(statement, index)]
      return found.map(
        (excess): Excess => ({
          policy: label,
          index,
          ...(statement.Sid && { sid: statement.Sid }),
          ...excess,
          message: `${nameOf(statement, index)} of the ${label} ${excess.message}`,
          origin: located.origin,
        }),
      )
    }),
  )
}

type Part = Pick<Excess, 'kind' | 'granted' | 'message'>

/** The needs that each statement allowed. */
function usesByPolicy(edges: readonly Edge[]): Map<string, Map<number, Edge[]>> {
  const byPolicy = new Map<string, Map<number, Edge[]>>()
  for (const edge of edges)
    for (const { policy, index } of edge.decidedBy) {
      const statements = byPolicy.get(policy) ?? new Map<number, Edge[]>()
      const known = statements.get(index)
      if (known) known.push(edge)
      else statements.set(index, [edge])
      byPolicy.set(policy, statements)
    }
  return byPolicy
}

function relevantPolicies({ roles, buckets, keys }: Landscape, edges: readonly Edge[]): LocatedPolicy[] {
  const principals = new Set(edges.map(({ need }) => need.principal))
  const assumed = new Set(edges.map(({ need }) => need.resource))
  const used = [...roles.values()].filter(({ arn }) => principals.has(arn) || assumed.has(arn))
  const ofRole = ({ trust, policies }: KnownRole): LocatedPolicy[] => [
    ...(trust ? [trust] : []),
    ...policies.filter(({ kind }) => kind !== 'aws'),
  ]
  const touched = new Set(
    edges.map(({ need }) =>
      need.resource.split('/', need.action.startsWith('s3:') ? 1 : undefined).join('/'),
    ),
  )
  return [
    ...used.flatMap(ofRole),
    ...[...buckets.values()].flatMap(({ name, policy }) =>
      policy && touched.has(`arn:aws:s3:::${name}`) ? policy : [],
    ),
    ...[...keys.values()].flatMap(({ arn, policy }) => (policy && touched.has(arn) ? policy : [])),
  ]
}

/** AWS: a key's policy must let its account administer the key; that is nobody's need and still no excess. */
function isOwnersAdministration(
  statement: PolicyStatement,
  { policy, origin }: LocatedPolicy,
  { keys }: Landscape,
): boolean {
  if (!policy.label.startsWith('key policy of ')) return false
  const owner = keys.get(policy.label.slice('key policy of '.length))?.account ?? origin.account
  const principals = awsPrincipals(statement)
  return (
    principals.length > 0 &&
    principals.every((name) => name === owner || name === `arn:aws:iam::${owner}:root`) &&
    listOf(statement.Action).every((action) => KEY_ADMINISTRATION.test(action))
  )
}

const wholeStatement = (statement: PolicyStatement, index: number): Part => ({
  kind: 'statement',
  granted: nameOf(statement, index),
  message: 'is used by no pipeline',
})

function partsBeyond(statement: PolicyStatement, uses: readonly Edge[]): Part[] {
  const needs = uses.flatMap(({ need }) => samplesOf(need))
  const actions = listOf(statement.Action)
  const resources = listOf(statement.Resource)
  const isUsedAction = (pattern: string) =>
    needs.some(({ action }) => textMatcher(pattern.toLowerCase())(action.toLowerCase()))
  const isUsedResource = (pattern: string) => needs.some(({ resource }) => textMatcher(pattern)(resource))
  const isOfKey = needs.every(({ action }) => action.startsWith('kms:')) && statement.Principal !== undefined
  return [
    ...actions
      .filter((action) => !isUsedAction(action))
      .map(
        (action): Part => ({
          kind: 'action',
          granted: action,
          message: `allows ${action}, which no pipeline needs`,
        }),
      ),
    ...actions
      .filter((action) => isUsedAction(action) && action.includes('*'))
      .map(
        (action): Part => ({
          kind: 'any-action',
          granted: action,
          message: `allows ${action}; needed: ${neededActions(action, needs)}`,
        }),
      ),
    ...resources
      .filter((resource) => !isUsedResource(resource))
      .map(
        (resource): Part => ({
          kind: 'resource',
          granted: resource,
          message: `allows it on ${resource}, which no pipeline needs`,
        }),
      ),
    ...resources
      .filter((resource) => resource === '*' && !isOfKey && needs.some((need) => need.resource !== '*'))
      .map(
        (resource): Part => ({
          kind: 'any-resource',
          granted: resource,
          message: `allows it on every resource; needed: ${neededResources(needs)}`,
        }),
      ),
    ...wholeAccounts(statement),
  ]
}

const neededActions = (pattern: string, needs: readonly { action: string }[]): string => {
  const matches = textMatcher(pattern.toLowerCase())
  return [
    ...new Set(needs.map(({ action }) => action).filter((action) => matches(action.toLowerCase()))),
  ].join(', ')
}

const neededResources = (needs: readonly { resource: string }[]): string =>
  [...new Set(needs.map(({ resource }) => resource))].slice(0, 3).join(', ')

/** A principal that stands for a whole account, without a condition that narrows it to roles. */
function wholeAccounts(statement: PolicyStatement): Part[] {
  const whole = awsPrincipals(statement).filter((name) => name === '*' || /^\d{12}$|:root$/.test(name))
  const isNarrowed = conditionsOf(statement).some(
    ([, key]) => key === 'aws:principalarn' || key.startsWith('aws:principalorg'),
  )
  if (isNarrowed) return []
  return whole.map((name) => ({
    kind: 'whole-account',
    granted: name,
    message: `lets in ${name === '*' ? 'everybody' : `the whole account ${name}`}`,
  }))
}
