/** Why an edge does not hold, which statement is missing, and in which file it belongs. */
import {
  type AuthorizationRequest,
  type Decision,
  type DenialExplanation,
  explainDenial,
  type NearMiss,
  policyName,
  type Suggestion,
  statementNumber,
  withConditions,
} from '../../iam/index.ts'
import { isSamePolicy, type Need, type PolicyRef, type PolicyStatement } from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import type { OrganizationLevel } from '../landscape/organization.ts'
import type { Origin } from '../landscape/placed-template.ts'
import type { FoundCaller } from './callers.ts'
import { ownedByWriter } from './foreign-objects.ts'
import { namedElsewhere } from './named-elsewhere.ts'
import { organizationRemedies, originOfControl, silence, silentLevels } from './organization-denial.ts'
import type { Failure, Remedy } from './proof.ts'
import type { ResourceSide } from './request-of.ts'
import { withoutSamples } from './samples.ts'

interface Around {
  readonly found: FoundCaller
  readonly side: ResourceSide
  readonly landscape: Landscape
}

/** Gives the failure of a denied request. */
export function explainFailure(request: AuthorizationRequest, decision: Decision, around: Around): Failure {
  const denial = explainDenial(request, decision)
  const silent = decision.missing === 'service control policy' ? silentLevels(request, around.landscape) : []
  const remedies = remediesFor(request, decision, denial, around, silent)
  const ofWriter = ownedByWriter(request, around.landscape)
  const isElsewhere = silent.length > 0 || isForeignPassRole(decision)
  const by = isForeignPassRole(decision)
    ? ({ limit: 'foreign pass role' } as const)
    : silent.length
      ? remedies[0]!.at
      : plainBy(denial.by)
  return {
    ...(by && { by }),
    saidNo: withoutSamples(isElsewhere ? remedies[0]!.belongsIn : denial.saidNo),
    message: withoutSamples(decision.message),
    close: [...(ofWriter ? [ofWriter.close] : []), ...closest(request, denial, silent, around.landscape)],
    remedies: ofWriter ? [ofWriter.remedy, ...remedies] : remedies,
  }
}

const isForeignPassRole = ({ rule }: Decision): boolean => rule === 'foreign pass role'

/** Condition keys that tell in which organization somebody or something is. */
const OF_ORGANIZATION = /^aws:(Principal|Resource|Source)Org/i

const ofOrganization = ({ key = '' }: NearMiss): boolean => OF_ORGANIZATION.test(key)

/** A statement that asks for the organization may hold: one beside it would let in who is not of it. */
const unlessAsking =
  (asking: readonly NearMiss[]) =>
  ({ statement, ...suggestion }: Suggestion): Suggestion => {
    const miss = asking.find(({ policyType }) => policyType === suggestion.policyType)
    if (!miss) return { ...suggestion, ...(statement && { statement }) }
    const belongsIn = policyName(miss.policy)
    const advice = `Say of which organization the accounts are (--organization o-…): ${statementNumber(miss)} of the ${belongsIn} asks for ${miss.key}.`
    return { ...suggestion, at: miss.policy, belongsIn, advice }
  }

function closest(
  request: AuthorizationRequest,
  { close, nearMisses }: DenialExplanation,
  silent: readonly OrganizationLevel[],
  { organization }: Landscape,
): string[] {
  const asks = !organization?.id && nearMisses.some(ofOrganization)
  return [...silent.map((level) => silence(level, request)), ...close]
    .map(withoutSamples)
    .concat(asks ? 'the id of the organization is not known here; give it with --organization o-…' : [])
}

function remediesFor(
  request: AuthorizationRequest,
  decision: Decision,
  { remedies, nearMisses }: DenialExplanation,
  around: Around,
  silent: readonly OrganizationLevel[],
): Remedy[] {
  if (isForeignPassRole(decision)) return [foreignPassRole(request, around)]
  const asking = around.landscape.organization?.id ? [] : nearMisses.filter(ofOrganization)
  const named = namedElsewhere(request, nearMisses, around.found, around.landscape)
  return remedies.map(unlessAsking(asking)).flatMap((suggestion) => {
    const { policyType, statement } = suggestion
    if (named && statement && policyType === 'identity-based policy') return named
    return policyType === 'service control policy' && statement
      ? organizationRemedies(silent, request)
      : remedyOf(suggestion, { ...around, nearMisses })
  })
}

interface Failed extends Around {
  /** Statements that came close. */
  readonly nearMisses: readonly NearMiss[]
}

const foreignPassRole = ({ caller, resource }: AuthorizationRequest, { found }: Around): Remedy => ({
  belongsIn: 'configuration of the action',
  origin: found.role?.origin,
  advice: `Name a role of account ${caller.account}: the role in effect belongs to it, and ${resource} does not. Or run the action under a role of the other account.`,
})

function remedyOf({ policyType, at, belongsIn, statement, advice }: Suggestion, around: Failed): Remedy {
  const origin = originOf(policyType, at, around)
  return {
    at: plainRef(at),
    belongsIn: withoutSamples(belongsIn),
    ...(origin && { origin }),
    ...(statement && { statement: pasteable(statement, origin, around) }),
    advice: withoutSamples(advice),
  }
}

function originOf(
  policyType: Suggestion['policyType'],
  at: PolicyRef,
  { found, side, landscape, nearMisses }: Failed,
): Origin | undefined {
  if (policyType === 'permissions boundary') return found.role?.boundary?.origin
  if (policyType === 'role trust policy' || policyType === 'resource-based policy') return side.origin
  const control = originOfControl(at, landscape)
  if (control) return control
  const own = found.role?.policies.filter(({ kind }) => kind !== 'aws') ?? []
  const denying = own.find(({ policy }) => isSamePolicy(policy.ref, at))
  const closest = own.find(({ policy }) => nearMisses.some((one) => isSamePolicy(one.policy, policy.ref)))
  return (denying ?? closest ?? own[0])?.origin ?? found.role?.origin
}

const plainBy = (by: DenialExplanation['by']): Failure['by'] =>
  by && 'policy' in by ? { ...by, policy: plainRef(by.policy) } : by && plainRef(by)

/** What a sample stands in is no policy of its own. */
const plainRef = (ref: PolicyRef): PolicyRef =>
  typeof ref.owner === 'string' ? { ...ref, owner: withoutSamples(ref.owner) } : ref

/**
 * Makes a statement ready to paste: patterns instead of samples, a reference instead of a key's id, which only the
 * deployment knows.
 * AWS: kms:ResourceAliases tells a key by its alias, in identity policies only.
 */
function pasteable(
  statement: PolicyStatement,
  origin: Origin | undefined,
  { landscape }: Around,
): PolicyStatement {
  const text = withoutSamples(JSON.stringify(asPatterns(statement)))
  const plain = JSON.parse(text) as PolicyStatement
  const key = typeof plain.Resource === 'string' ? landscape.keys.get(plain.Resource) : undefined
  // A live key's ARN is what it says.
  if (!key || !landscape.templates.length) return plain
  if (
    origin &&
    origin.stack === key.origin.stack &&
    origin.account === key.account &&
    origin.region === key.region
  )
    return { ...plain, Resource: { 'Fn::GetAtt': [key.origin.logicalId, 'Arn'] } as unknown as string }
  const [alias] = key.aliases
  const Resource = `arn:aws:kms:${key.region}:${key.account}:key/${alias ? '*' : `<id of ${key.origin.logicalId}>`}`
  if (!alias) return { ...plain, Resource }
  const ofAlias = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias } }
  const Condition = withConditions(plain.Condition, ofAlias)
  return { ...plain, Resource, Condition }
}

/** What a sample stands in is a pattern, which only the operators for patterns read. */
function asPatterns({ Condition, ...statement }: PolicyStatement): PolicyStatement {
  const written = Object.entries(Condition ?? {}).reduce<PolicyStatement['Condition']>(
    (block, [operator, keys]) => {
      const text = JSON.stringify(keys)
      const name = withoutSamples(text) === text ? operator : operator.replace(/StringEquals$/, 'StringLike')
      return withConditions(block, { [name]: keys })
    },
    undefined,
  )
  return { ...statement, ...(written && { Condition: written }) }
}

/** Gives the failure of a need whose principal, or whose role to assume, is not there. */
export const missingPrincipal = (need: Need, missing: string): Failure => ({
  by: { limit: 'no principal' },
  saidNo: 'IAM',
  message: `User: ${need.principal} is not authorized to perform: ${need.action} on resource: ${need.resource}`,
  close: [missing],
  remedies: [
    {
      belongsIn: 'declaration of the pipeline',
      advice: `Make the role, or name the one that is meant: ${missing}.`,
    },
  ],
})
