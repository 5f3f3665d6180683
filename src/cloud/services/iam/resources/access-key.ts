/** AWS::IAM::AccessKey. */
import { resourceType } from '../../../kernel/resource-type.ts'
import { unlessGone } from './property.ts'

export const accessKey = resourceType({
  type: 'AWS::IAM::AccessKey',
  create: async ({ UserName, Status }, rc) => {
    const { AccessKey } = await rc.call('iam', 'CreateAccessKey', { UserName })
    const { AccessKeyId, SecretAccessKey } = AccessKey!
    if (Status === 'Inactive')
      await rc.call('iam', 'UpdateAccessKey', { UserName, AccessKeyId: AccessKeyId!, Status })
    return { physicalId: AccessKeyId!, attributes: { Id: AccessKeyId, SecretAccessKey } }
  },
  update: async (AccessKeyId, { UserName, Status = 'Active' }, _previous, rc) => {
    await rc.call('iam', 'UpdateAccessKey', { UserName, AccessKeyId, Status })
    return { physicalId: AccessKeyId }
  },
  delete: (AccessKeyId, { UserName }, rc) =>
    unlessGone(rc.call('iam', 'DeleteAccessKey', { UserName, AccessKeyId })),
})
