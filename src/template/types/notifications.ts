/** What CloudFormation needs for notification rules. */
import { registry, type TypeTable } from './type-facts.ts'

/** AWS: the ARN ends in an id that is made up; the type takes none of CloudFormation's own tags. */
const RULE = 'arn:aws:codestar-notifications:{region}:{account}:notificationrule/{made-up}'

export const notifications: TypeTable = {
  'AWS::CodeStarNotifications::NotificationRule': {
    ...registry('AWS::CodeStarNotifications::NotificationRule', '050c7303714c'),
    systemTags: false,
    arn: RULE,
    ref: '{arn}',
    grants: [
      {
        on: RULE,
        create: ['codestar-notifications:CreateNotificationRule'],
        read: ['codestar-notifications:DescribeNotificationRule'],
        update: ['codestar-notifications:UpdateNotificationRule'],
        delete: [
          'codestar-notifications:DeleteNotificationRule',
          'codestar-notifications:DescribeNotificationRule',
        ],
        tag: ['codestar-notifications:TagResource', 'codestar-notifications:UntagResource'],
      },
    ],
  },
}
