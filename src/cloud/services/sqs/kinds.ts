/** The kind of resource that SQS keeps. */
import { type Arn, AwsError, formatArn, parseArn, resourcePolicyOf } from '../../../model/index.ts'
import { compiledBoundPolicy } from '../../kernel/bound-policy.ts'
import type { Context } from '../../kernel/context.ts'
import { type Found, resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import { invalidValue } from './engine/refuse.ts'
import { type Queue, queues } from './state.ts'

export const queueArn = (region: string, account: string, name: string): Arn =>
  formatArn('sqs', region, account, name)

/** AWS: the account and the name stand at the end of a queue's URL; clients call the cloud wherever it is. */
export const queueUrl = ({ cloud }: Context, { arn, name }: Pick<Queue, 'arn' | 'name'>): string =>
  `${cloud.endpoint}/${parseArn(arn)?.account}/${name}`

const IN_URL = /\/(\d{12})\/([^/]+)$/

/** How a queue is named here where only its account and its name are known. */
export const named = (account: string, name: string): string => `/${account}/${name}`

/** AWS: in the region that is called, whatever stands before the account. */
function foundQueue(ctx: Context, url: string): Found<Queue> {
  const [, account, name] = IN_URL.exec(url) ?? []
  const { region } = ctx
  if (account === undefined || name === undefined)
    throw new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`, {
      status: 404,
    })
  const record = ctx.table(queues, account, region).get(name)
  return { record, arn: queueArn(region, account, name), account, region }
}

/** A queue, named by its URL; those of other accounts are reached by it. */
export const queueKind = resourceKind({
  service: 'sqs',
  table: queues,
  key: ({ name }: Queue) => name,
  found: foundQueue,
  absent: () => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.'),
  policy: ({ record, arn }, ctx) =>
    record?.policy && compiledBoundPolicy(record.policy, ctx.cloud.directory, resourcePolicyOf(arn)),
  tags: tagsInRecord<Queue>({
    join: joinTags(invalidValue),
    // AWS: "To be able to tag a queue on creation, you must have the sqs:CreateQueue and sqs:TagQueue permissions."
    creation: 'TagQueue',
  }),
})

/**
 * AWS: what is done to a queue itself is done by its own account ("cross-account permissions don't apply"). Errors:
 * AccessDenied.
 */
export function ownQueue(ctx: Context, url: string): void {
  const { account, arn } = foundQueue(ctx, url)
  if (account !== ctx.account)
    throw new AwsError('AccessDenied', `Access to the resource ${arn} is denied.`, { status: 403 })
}

export const kinds = [queueKind]
