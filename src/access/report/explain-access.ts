/** Why one principal may or may not do one thing: the decision, with every policy that had a say. */

import { type AuthorizationRequest, compile, type Explanation, evaluate, explain } from '../../iam/index.ts'
import { parseArn, principalName, supposedPolicy } from '../../model/index.ts'
import { reason } from '../../pipeline/index.ts'
import { findKey } from '../landscape/find-key.ts'
import type { Landscape } from '../landscape/landscape.ts'
import { Callers, type FoundCaller, isAbsent, missingInWords } from '../proof/callers.ts'
import { explainFailure } from '../proof/explain-failure.ts'
import type { Remedy } from '../proof/proof.ts'
import { presenceOf, requestOf, resourceSide, sufficesAlone } from '../proof/request-of.ts'

export interface AccessQuestion {
  /** A role's ARN or name, or a service principal. */
  readonly principal: string
  /** `service:Action`. */
  readonly action: string
  /** An ARN, or for KMS also an alias. */
  readonly resource: string
  readonly context?: Readonly<Record<string, string | readonly string[]>>
}

export interface AccessAnswer {
  readonly request: AuthorizationRequest
  readonly explanation: Explanation
  readonly remedies: readonly Remedy[]
  /** What is not known and was taken to allow. */
  readonly assumed: readonly string[]
  /** What the decision hangs on, where another condition or value would turn it. */
  readonly hangs?: string
  /** Whether it is not known: it hangs on something, or is to allow by what is assumed. */
  readonly isOpen: boolean
}

/**
 * Gives the decision and what led to it. Errors: Error when the principal is neither a role nor a service, when a role's
 * name is not known or several have it, and when the resource is no ARN.
 */
export function explainAccess(landscape: Landscape, question: AccessQuestion): AccessAnswer {
  const principal = principalOf(question.principal, landscape)
  const found = known(new Callers(landscape).of(principal))
  const resource = resourceOf(question, found, landscape)
  const need = { ...question, principal, resource, ...reason({ kind: 'question' }) }
  const side = resourceSide(need, found, landscape)
  const request = withGiven(requestOf(need, found, side, landscape), question.context)
  const decision = evaluate(request)
  const denied = decision.effect !== 'allowed'
  const remedies = denied ? explainFailure(request, decision, { found, side, landscape }).remedies : []
  const assumed = [found.missing && missingInWords(found.missing), side.missing].filter(
    (one) => one !== undefined,
  )
  const hangs =
    found.missing !== undefined || (side.missing !== undefined && !sufficesAlone(need, found, side))
  const present = presenceOf(found, side)
  const open = landscape.open?.hanging(
    request,
    decision,
    new Set(present.map(({ identity }) => identity)),
    landscape.standIns,
  )
  return {
    request,
    explanation: explain(request),
    remedies,
    assumed,
    ...(open !== undefined && { hangs: open }),
    isOpen: open !== undefined || (!denied && hangs),
  }
}

/** AWS: names of condition keys compare without regard to case, so what is asked takes the place of what is assumed. */
function withGiven(
  request: AuthorizationRequest,
  given: AccessQuestion['context'] = {},
): AuthorizationRequest {
  const names = new Set(Object.keys(given).map((key) => key.toLowerCase()))
  const assumed = Object.entries(request.context).filter(([key]) => !names.has(key.toLowerCase()))
  return { ...request, context: { ...Object.fromEntries(assumed), ...given } }
}

/** A role that is in no template is taken to be allowed everything by its own policies. */
function known(found: FoundCaller): FoundCaller {
  const { caller, missing } = found
  if (missing === undefined) return found
  if (isAbsent(missing)) throw new Error(missingInWords(missing))
  return { ...found, caller: { ...caller, identityPolicies: [ANYTHING] } }
}

const ANYTHING = compile(
  { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
  supposedPolicy('a policy that is not known'),
)

function principalOf(text: string, { roles }: Landscape): string {
  if (/^arn:[\w-]+:iam::\d{12}:role\/./.test(text) || /^[a-z0-9.-]+\.amazonaws\.com$/.test(text)) return text
  if (text.startsWith('arn:'))
    throw new Error(`${text} is not the ARN of a role; users and accounts have no part here`)
  const named = [...roles.values()].filter(
    ({ arn, name }) => name === text || principalName(arn) === text || arn.endsWith(`/${text}`),
  )
  if (named.length === 1) return named[0]!.arn
  const choices = (named.length ? named : [...roles.values()]).map(({ arn }) => `  ${arn}`).join('\n')
  throw new Error(
    named.length
      ? `several roles are called ${text}; name one by its ARN:\n${choices}`
      : `there is no role ${text}; there are\n${choices}`,
  )
}

function resourceOf(
  { action, resource }: AccessQuestion,
  { caller }: FoundCaller,
  landscape: Landscape,
): string {
  const region = landscape.pipelines[0]?.region ?? 'us-east-1'
  const isAlias = action.startsWith('kms:') && resource.includes('alias/')
  if (!isAlias && resource !== '*' && !parseArn(resource))
    throw new Error(`"${resource}" is no ARN: write arn:aws:s3:::bucket/key for example, or *`)
  if (!isAlias) return resource
  const account = parseArn(resource)?.account ?? caller.account
  return findKey(resource, { account, region }, landscape)?.arn ?? resource
}
