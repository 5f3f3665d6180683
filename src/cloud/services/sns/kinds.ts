/** The kinds of resources that SNS keeps. */
import { type Arn, AwsError, parseArn, resourcePolicyOf } from '../../../model/index.ts'
import { compiledBoundPolicy } from '../../kernel/bound-policy.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import { invalid } from './engine/invalid.ts'
import { type Topic, topics } from './state.ts'

/** A topic, named by its ARN; those of other accounts and regions can be reached by it. Errors: InvalidParameter. */
export const topicKind = resourceKind({
  service: 'sns',
  table: topics,
  key: (topic) => topic.name,
  found: (ctx, arn: Arn) => {
    const parts = parseArn(arn)
    if (parts?.service !== 'sns')
      throw invalid(`TopicArn Reason: An ARN must have at least 6 elements, not ${arn.split(':').length}`)
    const { account, region, resource } = parts
    return { record: ctx.table(topics, account, region).get(resource), arn, account, region }
  },
  absent: () => new AwsError('NotFound', 'Topic does not exist'),
  policy: ({ record, arn }, ctx) =>
    record && compiledBoundPolicy(record.policy, ctx.cloud.directory, resourcePolicyOf(arn)),
  tags: tagsInRecord<Topic>({
    join: joinTags((problem) => invalid(`Tags Reason: ${problem}`)),
    // AWS: CreateTopic authorizes sns:TagResource too (service authorization reference, API operations of SNS).
    creation: 'TagResource',
  }),
})

export const kinds = [topicKind]
