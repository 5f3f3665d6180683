/** Statements of a topic's policy, one at a time: sns:AddPermission and sns:RemovePermission. */

import { policyText } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { invalid } from '../engine/invalid.ts'
import { topicKind } from '../kinds.ts'
import { savePolicy } from './topics.ts'

interface Document {
  readonly Statement: readonly { readonly Sid?: string }[]
}

const documentOf = (ctx: Context, arn: string): Document =>
  JSON.parse(policyText(topicKind.find(ctx, arn).policy, ctx.cloud.directory)) as Document

export const AddPermission = operation({
  service: 'sns',
  name: 'AddPermission',
  access: (input, ctx) => [topicKind.on(ctx, 'AddPermission', input.TopicArn)],
  run: ({ TopicArn, Label, AWSAccountId, ActionName }, ctx) => {
    const document = documentOf(ctx, TopicArn)
    if (document.Statement.some((one) => one.Sid === Label)) throw invalid('Statement already exists')
    const statement = {
      Sid: Label,
      Effect: 'Allow',
      Principal: { AWS: AWSAccountId.map((account) => `arn:aws:iam::${account}:root`) },
      Action: ActionName.map((name) => `SNS:${name}`),
      Resource: TopicArn,
    }
    savePolicy(ctx, TopicArn, JSON.stringify({ ...document, Statement: [...document.Statement, statement] }))
    return {}
  },
})

/** AWS: a label that is not there is no error. */
export const RemovePermission = operation({
  service: 'sns',
  name: 'RemovePermission',
  access: (input, ctx) => [topicKind.on(ctx, 'RemovePermission', input.TopicArn)],
  run: ({ TopicArn, Label }, ctx) => {
    const document = documentOf(ctx, TopicArn)
    const Statement = document.Statement.filter((one) => one.Sid !== Label)
    savePolicy(ctx, TopicArn, JSON.stringify({ ...document, Statement }))
    return {}
  },
})
