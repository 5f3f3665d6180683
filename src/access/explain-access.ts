/** Why one principal may or may not do one thing: the decision, with every policy that had a say. */
import { type AuthorizationRequest, type Explanation, evaluate, explain } from '../iam/index.ts'
import { parseArn, principalName } from '../model/index.ts'
import type { Landscape } from './landscape/landscape.ts'
import { Callers, type FoundCaller } from './prove/callers.ts'
import { explainFailure } from './prove/explain-failure.ts'
import { findKey } from './prove/find-key.ts'
import type { Remedy } from './prove/proof.ts'
import { requestOf, resourceSide } from './prove/request-of.ts'

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
}

/** Gives the decision and what led to it. Errors: Error when the role is not known, or several have the name. */
export function explainAccess(landscape: Landscape, question: AccessQuestion): AccessAnswer {
  const principal = principalOf(question.principal, landscape)
  const found = new Callers(landscape).of(principal)
  const resource = resourceOf(question, found, landscape)
  const need = { ...question, principal, resource, because: 'to answer the question' }
  const side = resourceSide(need, found, landscape)
  const request = withGiven(requestOf(need, found, side, landscape), question.context)
  const decision = evaluate(request)
  const denied = decision.effect !== 'allowed'
  const remedies = denied ? explainFailure(request, decision, { found, side, landscape }).remedies : []
  const assumed = [found.missing, side.missing].filter((one) => one !== undefined)
  return { request, explanation: explain(request), remedies, assumed }
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

function principalOf(text: string, { roles }: Landscape): string {
  if (text.startsWith('arn:') || /^[a-z0-9.-]+\.amazonaws\.com$/.test(text)) return text
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
  if (!isAlias) return resource
  const account = parseArn(resource)?.account ?? caller.account
  return findKey(resource, { account, region }, landscape)?.arn ?? resource
}
