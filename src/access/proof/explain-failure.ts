/** Why an edge does not hold, which statement is missing, and in which file it belongs. */
import {
  type AuthorizationRequest,
  type Decision,
  type DenialExplanation,
  explainDenial,
  type NearMiss,
  type Suggestion,
} from '../../iam/index.ts'
import type { Need, PolicyStatement } from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import type { OrganizationLevel } from '../landscape/organization.ts'
import type { Origin } from '../landscape/placed-template.ts'
import type { FoundCaller } from './callers.ts'
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
  const isElsewhere = silent.length || isForeignPassRole(decision)
  return {
    saidNo: withoutSamples(isElsewhere ? remedies[0]!.belongsIn : denial.saidNo),
    message: withoutSamples(decision.message),
    close: closest(request, denial, silent, around.landscape),
    remedies,
  }
}

const isForeignPassRole = ({ message }: Decision): boolean =>
  message === 'Cross-account pass role is not allowed.'

function closest(
  request: AuthorizationRequest,
  { close }: DenialExplanation,
  silent: readonly OrganizationLevel[],
  { organization }: Landscape,
): string[] {
  const asks = !organization?.id && close.some((text) => /\baws:(Principal|Resource|Source)Org/i.test(text))
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
  return remedies.flatMap((suggestion) =>
    suggestion.policyType === 'service control policy' && suggestion.statement
      ? organizationRemedies(silent, request)
      : remedyOf(suggestion, { ...around, nearMisses }),
  )
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

function remedyOf({ policyType, belongsIn, statement, advice }: Suggestion, around: Failed): Remedy {
  const origin = originOf(policyType, belongsIn, around)
  return {
    belongsIn: withoutSamples(belongsIn),
    ...(origin && { origin }),
    ...(statement && { statement: pasteable(statement, origin, around) }),
    advice: withoutSamples(advice),
  }
}

function originOf(
  policyType: Suggestion['policyType'],
  belongsIn: string,
  { found, side, landscape, nearMisses }: Failed,
): Origin | undefined {
  if (policyType === 'permissions boundary') return found.role?.boundary?.origin
  if (policyType === 'role trust policy' || policyType === 'resource-based policy') return side.origin
  const control = originOfControl(belongsIn, landscape)
  if (control) return control
  const own = found.role?.policies.filter(({ kind }) => kind !== 'aws') ?? []
  const denying = own.find(({ policy }) => policy.label === belongsIn)
  const closest = own.find(({ policy }) => nearMisses.some((one) => one.policy === policy.label))
  return (denying ?? closest ?? own[0])?.origin ?? found.role?.origin
}

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
  const text = withoutSamples(JSON.stringify(statement))
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
  const Condition = { ...plain.Condition, 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias } }
  return { ...plain, Resource, Condition }
}

/** Gives the failure of a need whose principal, or whose role to assume, is not there. */
export const missingPrincipal = (need: Need, missing: string): Failure => ({
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
