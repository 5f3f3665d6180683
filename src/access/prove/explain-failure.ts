/** Why an edge does not hold, which statement is missing, and in which file it belongs. */
import {
  type AuthorizationRequest,
  type Decision,
  explain,
  type NearMiss,
  type Suggestion,
  suggest,
} from '../../iam/index.ts'
import type { Need, PolicyStatement } from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import type { Origin } from '../landscape/placed-template.ts'
import type { FoundCaller } from './callers.ts'
import type { Failure, Remedy } from './proof.ts'
import type { ResourceSide } from './request-of.ts'
import { withoutSamples } from './samples.ts'

interface Around {
  readonly found: FoundCaller
  readonly side: ResourceSide
  readonly landscape: Landscape
}

interface Failed extends Around {
  /** Statements that came close. */
  readonly close: readonly NearMiss[]
}

/** Statements that came close; more would not help a reader. */
const CLOSEST = 4

/** Gives the failure of a denied request. */
export function explainFailure(request: AuthorizationRequest, decision: Decision, around: Around): Failure {
  const { nearMisses } = explain(request)
  const close = nearMisses.filter(({ failed }) => failed !== 'action')
  const remedies = remediesFor(request, decision, { ...around, close })
  const [reason] = decision.decidedBy
  const saidNo =
    decision.effect === 'explicitDeny' && reason
      ? `${reason.policy}${reason.sid ? `, statement "${reason.sid}"` : `, statement ${reason.index + 1}`}`
      : (remedies[0]?.belongsIn ?? decision.missing ?? 'AWS')
  return {
    saidNo: withoutSamples(saidNo),
    message: withoutSamples(decision.message),
    close: close
      .slice(0, CLOSEST)
      .map(({ policy, sid, index, detail }) =>
        withoutSamples(`${policy}, ${sid ? `"${sid}"` : `statement ${index + 1}`}: ${detail}`),
      ),
    remedies,
  }
}

function remediesFor(request: AuthorizationRequest, decision: Decision, around: Failed): Remedy[] {
  if (decision.message === 'Cross-account pass role is not allowed.')
    return [foreignPassRole(request, around)]
  return suggest(request, decision).map((suggestion) => remedyOf(suggestion, around))
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
  { found, side, close }: Failed,
): Origin | undefined {
  if (policyType === 'permissions boundary') return found.role?.boundary?.origin
  if (policyType === 'role trust policy' || policyType === 'resource-based policy') return side.origin
  const own = found.role?.policies.filter(({ kind }) => kind !== 'aws') ?? []
  const denying = own.find(({ policy }) => policy.label === belongsIn)
  const closest = own.find(({ policy }) => close.some((one) => one.policy === policy.label))
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
