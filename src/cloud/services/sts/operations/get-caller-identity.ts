/** sts:GetCallerIdentity. */
import { operation } from '../../../kernel/operation.ts'

/** AWS: no permission is needed; a policy that denies it changes nothing. */
export const GetCallerIdentity = operation({
  service: 'sts',
  name: 'GetCallerIdentity',
  access: () => [],
  run: (_input, { identity }) => ({
    UserId: identity.userId,
    Account: identity.account,
    Arn: identity.arn,
  }),
})
