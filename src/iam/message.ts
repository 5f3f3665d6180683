/** AWS's wording of denials. */
import type { PolicyType, StatementReason } from './decision.ts'
import type { Facts } from './facts.ts'

/** Gives `User: … is not authorized to perform: … on resource: …`, the beginning of every denial. */
export function refusal({ caller, request }: Facts): string {
  const who = caller.kind === 'anonymous' ? 'anonymous' : (caller.service ?? caller.arn)
  const start = `User: ${who} is not authorized to perform: ${request.action} on`
  if (request.resourceInWords !== undefined) return `${start} ${request.resourceInWords}`
  const quote = request.action.startsWith('s3:') ? '"' : ''
  return `${start} resource: ${quote}${request.resource}${quote}`
}

/**
 * Tells whether AWS hides the reason.
 *
 * AWS: S3 explains a denial inside the account and the organization of the bucket only.
 */
function isHidden({ caller, request, resourceAccount }: Facts): boolean {
  return (
    request.action.startsWith('s3:') &&
    request.sameOrganization === false &&
    caller.account !== resourceAccount
  )
}

/**
 * Gives the message for a statement that denied.
 * AWS: names the policy when it has an ARN of its own; trust and resource policies have none.
 */
export function explicitDenyMessage(facts: Facts, { policyType, policy }: StatementReason): string {
  if (isHidden(facts)) return 'Access Denied'
  const { arn } = policy
  return `${refusal(facts)} with an explicit deny in ${denyingPolicy(policyType)}${arn === undefined ? '' : `: ${arn}`}`
}

function denyingPolicy(policyType: PolicyType): string {
  if (policyType === 'role trust policy') return 'the role trust policy'
  return policyType === 'identity-based policy' ? `an ${policyType}` : `a ${policyType}`
}

/** Gives the message for a kind of policy that has no allow. */
export function implicitDenyMessage(facts: Facts, missing: PolicyType): string {
  if (isHidden(facts)) return 'Access Denied'
  return `${refusal(facts)} because no ${missing} allows the ${facts.request.action} action`
}
