/** What one statement grants beyond its uses: itself, actions and resources of it, and what it leaves open. */
import { compileWildcard } from '../../iam/index.ts'
import type { PolicyStatement } from '../../model/index.ts'
import { awsPrincipals, conditionsOf, listOf, nameOf } from '../landscape/policy-statements.ts'
import type { Edge } from '../proof/proof.ts'
import { sampleOf, withoutSamples } from '../proof/samples.ts'
import { isOfDeployment } from './overgrant-uses.ts'

/** A part of a statement that could go, or could be narrower. */
export interface Part {
  readonly kind: 'statement' | 'action' | 'resource' | 'any-resource' | 'whole-account' | 'any-action'
  /** What is granted beyond need. */
  readonly granted: string
  /** In one sentence, without the statement's name. */
  readonly message: string
}

/** Gives the whole of a statement that nothing uses. */
export function wholeStatement(statement: PolicyStatement, index: number, isOfKey: boolean): Part {
  const open = [
    ...(!isOfKey && listOf(statement.Resource).includes('*') ? ['every resource'] : []),
    ...wholeAccounts(statement).map(({ granted }) =>
      granted === '*' ? 'everybody' : `the whole of ${granted}`,
    ),
  ]
  const to = open.length ? `; it is open to ${open.join(' and ')}` : ''
  return {
    kind: 'statement',
    granted: nameOf(statement, index),
    message: `is used by no pipeline or deployment${to}`,
  }
}

/** What a statement's uses need, each once; resources with samples in the place of patterns. */
interface Needed {
  readonly actions: readonly string[]
  /** The actions in lower case, as they are compared. */
  readonly lowered: readonly string[]
  readonly resources: readonly string[]
  /** Patterns of which nobody knows which one is meant: the roles of tasks that only a pipeline's artifact names. */
  readonly open: readonly string[]
}

/** Gives what no use of a statement needs. */
export function partsBeyond(statement: PolicyStatement, uses: readonly Edge[], keyOwner?: string): Part[] {
  const actions = [...new Set(uses.map(({ need }) => need.action))]
  const needed: Needed = {
    actions,
    lowered: actions.map((action) => action.toLowerCase()),
    resources: [...new Set(uses.map(({ need }) => sampleOf(need.resource)))],
    open: uses.flatMap(({ need }) => (isOpenRole(need) ? [need.resource] : [])),
  }
  const isOfKey = statement.Principal !== undefined && needed.actions.every((one) => one.startsWith('kms:'))
  // Who administers a key is for its account to say, so that no role's end locks everybody out.
  const ofDeployment = new Set(uses.filter(isOfDeployment).map(({ need }) => need.action))
  const isAdministration =
    keyOwner !== undefined && needed.actions.every((action) => ofDeployment.has(action))
  return [
    ...listOf(statement.Action).flatMap((action) => actionBeyond(action, needed)),
    ...listOf(statement.Resource).flatMap((resource) => resourceBeyond(resource, needed, isOfKey)),
    ...wholeAccounts(statement).filter(({ granted }) => !isAdministration || !granted.includes(keyOwner)),
  ]
}

function actionBeyond(pattern: string, { actions, lowered }: Needed): Part[] {
  const matches = compileWildcard(pattern.toLowerCase())
  const used = actions.filter((_, index) => matches(lowered[index]!))
  if (!used.length)
    return [
      {
        kind: 'action',
        granted: pattern,
        message: `allows ${pattern}, which no pipeline or deployment needs`,
      },
    ]
  if (!pattern.includes('*')) return []
  return [{ kind: 'any-action', granted: pattern, message: `allows ${pattern}; needed: ${used.join(', ')}` }]
}

const isOpenRole = ({ action, resource }: Edge['need']): boolean =>
  action === 'iam:PassRole' && resource.endsWith(':role/*')

function resourceBeyond(pattern: string, { resources, open }: Needed, isOfKey: boolean): Part[] {
  if (pattern === '*') {
    const named = resources.filter((resource) => resource !== '*').map(withoutSamples)
    if (isOfKey || !named.length) return []
    const some = named.slice(0, SHOWN).join(', ')
    return [{ kind: 'any-resource', granted: '*', message: `allows it on every resource; needed: ${some}` }]
  }
  if (resources.some(compileWildcard(pattern)) || open.some((one) => compileWildcard(one)(pattern))) return []
  return [{ kind: 'resource', granted: pattern, message: `allows it on ${pattern}, which no pipeline needs` }]
}

/** Needed resources that a message names. */
const SHOWN = 3

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
