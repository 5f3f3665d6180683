/** Values that nobody gave, where a decision hangs on one. */
import { type AuthorizationRequest, type Decision, explain } from '../../iam/index.ts'
import type { Need } from '../../model/index.ts'
import { unknownsIn } from '../landscape/unknown-value.ts'

/** The value that nobody gave and that the decision hangs on: in what is needed, or in a statement that came close. */
export function openValue(
  { resource }: Need,
  request: AuthorizationRequest,
  { effect }: Decision,
): string | undefined {
  if (effect !== 'implicitDeny') return undefined
  const close = explain(request).nearMisses.filter(({ failed }) => failed !== 'action')
  const [standIn] = [resource, ...close.map(({ detail }) => detail)].flatMap((text) => unknownsIn(text))
  return standIn && `the value of ${standIn}`
}
