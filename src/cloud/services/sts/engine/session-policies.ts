/** Policies handed to AssumeRole, which limit the session. */
import { compile, PolicySyntaxError } from '../../../../iam/index.ts'
import { AwsError, type PolicyDocument, readJson, supposedPolicy } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Directory, SessionDetails } from '../../../kernel/identity.ts'

type Limits = Pick<Input<'sts', 'AssumeRole'>, 'Policy' | 'PolicyArns'> &
  Partial<Pick<Input<'sts', 'AssumeRole'>, 'Tags'>>

const PLAINTEXT_LIMIT = 2_048

/**
 * Gives the session's policies; both absent where nothing limits it.
 * AWS: an inline policy and ten ARNs, together 2,048 characters.
 * Errors: MalformedPolicyDocument, PackedPolicyTooLarge, ValidationError.
 */
export function sessionPolicies(
  { Policy, PolicyArns }: Limits,
  directory: Directory,
): Pick<SessionDetails, 'policies' | 'policyArns'> {
  const arns = (PolicyArns ?? []).map(({ arn }) => arn ?? '')
  if (Policy !== undefined) checkSyntax(Policy)
  const size = [Policy ?? '', ...arns].join('').length
  if (size > PLAINTEXT_LIMIT)
    throw new AwsError(
      'PackedPolicyTooLarge',
      `Session policies have ${size} characters, more than the ${PLAINTEXT_LIMIT} that are allowed.`,
    )
  const unknown = arns.find((arn) => directory.managedPolicy(arn) === undefined)
  if (unknown !== undefined)
    throw new AwsError('ValidationError', `Policy ${unknown} does not exist or is not attachable.`)
  return {
    policies: Policy === undefined ? undefined : [Policy],
    policyArns: arns.length ? arns : undefined,
  }
}

/** Gives how much of the room for policies and tags is used, in percent. */
export function packedSize({ Policy = '', PolicyArns = [], Tags = [] }: Limits): number {
  const parts = [Policy, ...PolicyArns.map(({ arn }) => arn), ...Tags.map((tag) => `${tag.Key}${tag.Value}`)]
  return Math.ceil((parts.join('').length / PLAINTEXT_LIMIT) * 100)
}

function checkSyntax(text: string): void {
  try {
    compile(readJson(text) as PolicyDocument, supposedPolicy('session policy'))
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AwsError('MalformedPolicyDocument', 'This policy contains invalid Json')
    if (error instanceof PolicySyntaxError)
      throw new AwsError('MalformedPolicyDocument', 'Syntax errors in policy.')
    throw error
  }
}
