/** Names of aliases, and who may speak of them. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'

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

/** Asks for an action on an alias. AWS: identity policies alone decide on aliases. */
export const onAlias = (ctx: Context, name: string, action: string): AccessRequest => ({
  action: `kms:${action}`,
  resource: formatArn('kms', ctx.region, ctx.account, name),
})
