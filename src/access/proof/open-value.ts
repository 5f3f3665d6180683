/** Values that nobody gave, where a decision hangs on one. */
import { type AuthorizationRequest, type Decision, explainDenial } from '../../iam/index.ts'
import type { Need } from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import { isMadeUp } from '../landscape/stand-ins.ts'

/** The value that nobody gave and that the decision hangs on: in what is needed, or in a statement that came close. */
export function openValue(
  { resource }: Need,
  request: AuthorizationRequest,
  decision: Decision,
  { standIns }: Landscape,
): string | undefined {
  if (decision.effect !== 'implicitDeny') return undefined
  const { close } = explainDenial(request, decision)
  const [unknown] = [resource, ...close].flatMap((text) => standIns.in(text)).filter((one) => !isMadeUp(one))
  return unknown && `the value of ${unknown.label}`
}
