/** Whether a document can be the content of a policy. */
import { validate } from '../../../../iam/index.ts'
import { AwsError } from '../../../../model/index.ts'
import type { ControlPolicyType } from '../state.ts'
import { policyTypes } from './policy-type.ts'
import { violation } from './refusal.ts'

const MALFORMED = 'The provided policy document does not meet the requirements of the specified policy type.'

/**
 * AWS: what is saved through the API counts in full, white space too. AWS's message ends with its first sentence; what
 * is wrong is said behind it.
 * Errors: MalformedPolicyDocumentException, ConstraintViolationException.
 */
export function checkContent(type: ControlPolicyType, content: string): void {
  const { kind, maxSize } = policyTypes[type]
  if (content.length > maxSize)
    throw violation('POLICY_CONTENT_LIMIT_EXCEEDED', 'You have exceeded the maximum policy size.')
  const problems = validate(content, kind)
  if (problems.length)
    throw new AwsError('MalformedPolicyDocumentException', `${MALFORMED} ${problems.join(' ')}`)
}
