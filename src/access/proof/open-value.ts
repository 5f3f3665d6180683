/** Values that nobody gave, where a decision hangs on one. */
import { type AuthorizationRequest, type Decision, explainDenial, type NearMiss } from '../../iam/index.ts'
import { entryOf, isSamePolicy, type Need } from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import { policiesOf } from '../landscape/reading/open-policies.ts'
import { isMadeUp } from '../landscape/stand-ins.ts'

/** The value that nobody gave and that the decision hangs on: in what is needed, or in a statement that came close. */
export function openValue(
  { resource }: Need,
  request: AuthorizationRequest,
  decision: Decision,
  { standIns }: Landscape,
): string | undefined {
  if (decision.effect !== 'implicitDeny') return undefined
  const texts = explainDenial(request, decision).nearMisses.flatMap((miss) => comparedIn(miss, request))
  const [unknown] = [resource, ...texts].flatMap((text) => standIns.in(text)).filter((one) => !isMadeUp(one))
  return unknown && `the value of ${unknown.label}`
}

/** What a statement that came close compared: its element that did not match, and what the request has for it. */
function comparedIn({ policy: ref, index, failed, key }: NearMiss, request: AuthorizationRequest): string[] {
  const policy = policiesOf(request).find((one) => isSamePolicy(one.ref, ref))
  const statement = [policy?.document.Statement ?? []].flat()[index]
  if (!statement) return []
  const { Principal, NotPrincipal, Resource, NotResource, Condition = {} } = statement
  const { caller, resource, context = {} } = request
  if (failed === 'principal') return [...textsIn(Principal ?? NotPrincipal), caller.arn, caller.principalArn]
  if (failed === 'resource') return [...textsIn(Resource ?? NotResource), resource]
  if (failed !== 'condition' || key === undefined) return []
  const tests = Object.values(Condition).flatMap((keys) => textsIn(entryOf(keys, key)))
  return [...tests, ...textsIn(entryOf(context, key))]
}

/** Every text within plain data. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : []
