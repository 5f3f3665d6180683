/** The kinds of resources that CodePipeline keeps. */
import { type ActionTypeId, type Arn, AwsError, formatArn, parseArn } from '../../../model/index.ts'
import type { Context } from '../../kernel/context.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { type TagPair, tagsInRecord } from '../../kernel/tagging.ts'
import type { Tags } from '../../kernel/tags.ts'
import { typeKey } from './engine/type-key.ts'
import {
  actionTypes,
  pipelines,
  type StoredActionType,
  type StoredPipeline,
  type StoredWebhook,
  webhooks,
} from './state.ts'

const LIMIT = 50

/** Gives a pipeline's ARN in the caller's account and region; a stage or action may follow its name. */
export const pipelineArn = (ctx: Context, ...path: string[]): string =>
  formatArn('codepipeline', ctx.region, ctx.account, path.join('/'))

/** AWS: `aws:cloudformation:` alone is let through, for the tags that CloudFormation itself sets. */
function join(present: Tags, given: readonly TagPair[]): Tags {
  const tags = { ...present, ...Object.fromEntries(given) }
  const names = Object.keys(tags)
  if (names.length > LIMIT)
    throw new AwsError('TooManyTagsException', `The tags limit for a resource has been exceeded: ${LIMIT}`)
  const reserved = names.find(
    (name) => name.toLowerCase().startsWith('aws:') && !name.startsWith('aws:cloudformation:'),
  )
  if (reserved === undefined) return tags
  throw new AwsError(
    'InvalidTagsException',
    `The tag key ${reserved} is invalid: the prefix aws: is reserved`,
  )
}

/**
 * A pipeline, named by its name and perhaps a stage and an action of it, or by an ARN. AWS: stages and actions are
 * resources of their own for policies, and their tags are the pipeline's.
 */
export const pipelineKind = resourceKind({
  service: 'codepipeline',
  table: pipelines,
  key: (pipeline) => pipeline.name,
  found: (ctx, named: readonly string[] | Arn) => {
    const path = typeof named === 'string' ? (parseArn(named)?.resource ?? '').split('/') : named
    const arn = typeof named === 'string' ? named : pipelineArn(ctx, ...path)
    const record = ctx.table(pipelines).get(path[0] ?? '')
    const isMeant = typeof named !== 'string' || named === record?.arn
    return { record: isMeant ? record : undefined, arn, account: ctx.account, region: ctx.region, path }
  },
  absent: ({ path: [name] }, ctx) =>
    new AwsError(
      'PipelineNotFoundException',
      `Account '${ctx.account}' does not have a pipeline with name '${name}'`,
    ),
  policy: 'none',
  tags: tagsInRecord<StoredPipeline>({ join, creation: 'TagResource' }),
})

/** A custom action type, or a partner's, named by its id or its ARN. */
export const actionTypeKind = resourceKind({
  service: 'codepipeline',
  table: actionTypes,
  key: ({ type }) => typeKey(type),
  found: (ctx, named: ActionTypeId | Arn) => {
    const key =
      typeof named === 'string' ? (parseArn(named)?.resource ?? '').replace(ACTION_TYPE, '') : typeKey(named)
    const arn = formatArn('codepipeline', ctx.region, ctx.account, `actiontype:${key}`)
    const isMeant = typeof named !== 'string' || named === arn
    const stored = isMeant ? ctx.table(actionTypes).get(key) : undefined
    const record = stored?.deleted ? undefined : stored
    return { record, arn: typeof named === 'string' ? named : arn, account: ctx.account, region: ctx.region }
  },
  absent: ({ arn }) => new AwsError('ActionTypeNotFoundException', `There is no action type ${arn}`),
  policy: 'none',
  tags: tagsInRecord<StoredActionType>({ join, creation: 'TagResource' }),
})

/** A webhook, named by its name or its ARN. */
export const webhookKind = resourceKind({
  service: 'codepipeline',
  table: webhooks,
  key: ({ name }) => name,
  found: (ctx, named: { readonly name: string } | Arn) => {
    const name =
      typeof named === 'string' ? (parseArn(named)?.resource ?? '').replace(WEBHOOK, '') : named.name
    const arn = formatArn('codepipeline', ctx.region, ctx.account, `webhook:${name}`)
    const record = typeof named !== 'string' || named === arn ? ctx.table(webhooks).get(name) : undefined
    return { record, arn: typeof named === 'string' ? named : arn, account: ctx.account, region: ctx.region }
  },
  absent: ({ arn }) => new AwsError('WebhookNotFoundException', `There is no webhook ${arn}`),
  policy: 'none',
  tags: tagsInRecord<StoredWebhook>({ join, creation: 'TagResource' }),
})

const ACTION_TYPE = /^actiontype:/
const WEBHOOK = /^webhook:/

/** Gives the kind of resource that an ARN names. */
export function kindOf(arn: Arn) {
  const resource = parseArn(arn)?.resource ?? ''
  if (ACTION_TYPE.test(resource)) return actionTypeKind
  return WEBHOOK.test(resource) ? webhookKind : pipelineKind
}

export const kinds = [pipelineKind, actionTypeKind, webhookKind]
