/** sts:GetAccessKeyInfo. */
import { AwsError } from '../../../../model/index.ts'
import { accountOfAccessKeyId } from '../../../kernel/access-key-id.ts'
import { operation } from '../../../kernel/operation.ts'

/** Gives the account an access key id belongs to, whether the key still works or not. Errors: ValidationError. */
export const GetAccessKeyInfo = operation({
  service: 'sts',
  name: 'GetAccessKeyInfo',
  access: () => [{ action: 'sts:GetAccessKeyInfo', resource: '*' }],
  run: ({ AccessKeyId }) => {
    const account = accountOfAccessKeyId(AccessKeyId)
    if (account === undefined)
      throw new AwsError('ValidationError', `${AccessKeyId} is not a valid access key id`)
    return { Account: account }
  },
})
