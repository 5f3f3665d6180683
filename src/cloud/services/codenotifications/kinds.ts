/** The kind of resource that CodeStar Notifications keeps. */
import { type Arn, AwsError, formatArn, parseArn } from '../../../model/index.ts'
import type { Context } from '../../kernel/context.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import { type NotificationRule, rules } from './state.ts'

export const invalid = (message: string): AwsError =>
  new AwsError('ValidationException', message, { status: 400 })

const RULE = 'notificationrule/'

export const ruleArn = ({ region, account }: Context, id: string): Arn =>
  formatArn('codestar-notifications', region, account, `${RULE}${id}`)

/** A notification rule, named by its ARN. */
export const notificationRuleKind = resourceKind({
  service: 'codestar-notifications',
  table: rules,
  key: ({ id }) => id,
  found: (ctx, arn: Arn) => {
    const parts = parseArn(arn)
    if (parts?.service !== 'codestar-notifications' || !parts.resource.startsWith(RULE))
      throw invalid(`${arn} is not the ARN of a notification rule`)
    const { account, region, resource } = parts
    const record: NotificationRule | undefined = ctx
      .table(rules, account, region)
      .get(resource.slice(RULE.length))
    return { record, arn, account, region }
  },
  absent: ({ arn }) =>
    new AwsError('ResourceNotFoundException', `The notification rule ${arn} was not found`, { status: 404 }),
  policy: 'none',
  conditions: ({ record }) => record && aboutResource(record.resource),
  tags: tagsInRecord<NotificationRule>({ join: joinTags(invalid), creation: 'TagResource' }),
})

/** AWS: the condition key that tells what a rule is about. */
export const aboutResource = (resource: Arn) => ({
  'codestar-notifications:NotificationsForResource': resource,
})

export const kinds = [notificationRuleKind]
