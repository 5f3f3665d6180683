/** Values that nobody gave, where a decision hangs on one. */
import { type AuthorizationRequest, type Decision, explainDenial } from '../../iam/index.ts'
import type { Need } from '../../model/index.ts'
import { unknownsIn } from '../landscape/unknown-value.ts'

/** The value that nobody gave and that the decision hangs on: in what is needed, or in a statement that came close. */
export function openValue(
  { resource }: Need,
  request: AuthorizationRequest,
  decision: Decision,
): string | undefined {
  if (decision.effect !== 'implicitDeny') return undefined
  const { close } = explainDenial(request, decision)
  const [standIn] = [resource, ...close].flatMap(unknownsIn)
  return standIn && `the value of ${standIn}`
}
