/** Names of aliases. */
import { AwsError } from '../../../../model/index.ts'

/** Errors: ValidationException for a name that is no alias's, NotAuthorizedException's kin for AWS's own. */
export function checkAliasName(name: string): void {
  if (!name.startsWith('alias/'))
    throw new AwsError(
      'ValidationException',
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    )
  if (name.startsWith('alias/aws/'))
    throw new AwsError(
      'NotAuthorizedException',
      'Alias names that begin with alias/aws/ are reserved for AWS managed keys.',
    )
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name))
    throw new AwsError(
      'InvalidAliasNameException',
      `Alias name ${name} contains characters that are not allowed.`,
    )
}
