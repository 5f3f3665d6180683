/** The words for a managed policy whose document is not known. */
import { awsManagedPolicyArns, MANAGED_POLICIES_OF } from '../../iam/index.ts'
import { type Arn, nearest } from '../../model/index.ts'

/** Whether a text is the ARN of a policy of AWS. */
export const isOfAws = (arn: string): boolean => /^arn:[\w-]+:iam::aws:policy\//.test(arn)

/**
 * Gives a sentence on it, with the policy that is meant where one of another path has the name or one's ARN is two slips
 * away. AWS refuses a role with a policy of its own that it does not have, but what is missing here may be younger.
 */
export function unknownPolicy(name: string, role: Arn): string {
  if (!isOfAws(name)) return `The policy ${name} of ${role} is in no template`
  const own = name.slice(name.lastIndexOf('/'))
  const same = [...awsManagedPolicyArns()].find((one) => one.endsWith(own))
  const meant = same ?? nearest(name, awsManagedPolicyArns(), 2)
  const hint = meant === undefined ? 'misspelt, withdrawn, or younger' : `is ${meant} meant?`
  return `The policy ${name} of ${role} is not among AWS's managed policies of ${MANAGED_POLICIES_OF} (${hint})`
}
