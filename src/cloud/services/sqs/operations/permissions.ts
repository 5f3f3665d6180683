/** Statements of a queue's policy, one at a time: AddPermission and RemovePermission. */
import { policyText } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { readPolicy } from '../engine/read-policy.ts'
import { invalidValue } from '../engine/refuse.ts'
import { ownQueue, queueKind } from '../kinds.ts'

interface Document {
  readonly Version: string
  readonly Statement: readonly { readonly Sid?: string }[]
}

function documentOf(ctx: Context, url: string): Document {
  const { policy } = queueKind.find(ctx, url)
  return policy
    ? (JSON.parse(policyText(policy, ctx.cloud.directory)) as Document)
    : { Version: '2012-10-17', Statement: [] }
}

function save(ctx: Context, url: string, document: Document): void {
  const { arn } = queueKind.find(ctx, url)
  const policy = document.Statement.length ? readPolicy(ctx, arn, JSON.stringify(document)) : undefined
  queueKind.change(ctx, url, { policy, modified: ctx.cloud.clock.now() })
}

const ACTIONS =
  /^(?:\*|ChangeMessageVisibility|DeleteMessage|GetQueueAttributes|GetQueueUrl|ListDeadLetterSourceQueues|PurgeQueue|ReceiveMessage|SendMessage)$/

export const AddPermission = operation({
  service: 'sqs',
  name: 'AddPermission',
  access: (input, ctx) => [queueKind.on(ctx, 'AddPermission', input.QueueUrl)],
  run: ({ QueueUrl, Label, AWSAccountIds: accounts, Actions: actions }, ctx) => {
    ownQueue(ctx, QueueUrl)
    const { arn } = queueKind.find(ctx, QueueUrl)
    const document = documentOf(ctx, QueueUrl)
    if (document.Statement.some(({ Sid }) => Sid === Label))
      throw invalidValue(`Value ${Label} for parameter Label is invalid. Reason: Already exists.`)
    const wrong = actions.find((action) => !ACTIONS.test(action))
    if (wrong !== undefined)
      throw invalidValue(
        `Value SQS:${wrong} for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions.`,
      )
    const statement = {
      Sid: Label,
      Effect: 'Allow',
      Principal: { AWS: accounts.map((account) => `arn:aws:iam::${account}:root`) },
      Action: actions.map((action) => `SQS:${action}`),
      Resource: arn,
    }
    save(ctx, QueueUrl, { ...document, Statement: [...document.Statement, statement] })
    return {}
  },
})

export const RemovePermission = operation({
  service: 'sqs',
  name: 'RemovePermission',
  access: (input, ctx) => [queueKind.on(ctx, 'RemovePermission', input.QueueUrl)],
  run: ({ QueueUrl, Label }, ctx) => {
    ownQueue(ctx, QueueUrl)
    const document = documentOf(ctx, QueueUrl)
    const Statement = document.Statement.filter(({ Sid }) => Sid !== Label)
    if (Statement.length === document.Statement.length)
      throw invalidValue(
        `Value ${Label} for parameter Label is invalid. Reason: can't find label on existing policy.`,
      )
    save(ctx, QueueUrl, { ...document, Statement })
    return {}
  },
})
