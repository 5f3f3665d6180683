/** PutWebhook, ListWebhooks, DeleteWebhook, RegisterWebhookWithThirdParty and DeregisterWebhookWithThirdParty. */
import { AwsError, ipRange } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { parsePath } from '../../../machine/json-path.ts'
import { findPipeline, invalidNextToken, on } from '../engine/find.ts'
import { invalidRange } from '../engine/webhook-payload.ts'
import { targetOf, WEBHOOK_PATH } from '../engine/webhooks.ts'
import { webhookKind } from '../kinds.ts'
import { findRunner } from '../providers/index.ts'
import { type StoredWebhook, type WebhookDefinition, webhooks } from '../state.ts'
import { pipelineTags } from './tags.ts'

/** AWS: "Quotas in AWS CodePipeline". */
const LIMIT = 300

export const PutWebhook = operation({
  service: 'codepipeline',
  name: 'PutWebhook',
  access: ({ webhook, tags }, ctx) => [
    ...webhookKind.onNew(ctx, 'PutWebhook', webhook, tags),
    ...on(ctx, 'PutWebhook', webhook.targetPipeline),
  ],
  run: ({ webhook: definition, tags }, ctx) => {
    check(ctx, definition)
    const table = ctx.table(webhooks)
    const before = table.get(definition.name)
    if (!before && table.size >= LIMIT)
      throw new AwsError('LimitExceededException', `The account has ${LIMIT} webhooks in the region`)
    const given = pipelineTags.read(tags)
    const made: StoredWebhook = {
      name: definition.name,
      arn: webhookKind.on(ctx, '', definition).resource,
      secretPath: ctx.cloud.ids.mixed(40),
      registered: false,
      ...before,
      definition,
      tags: tags || !before ? webhookKind.newTags(given) : before.tags,
    }
    table.put(made.name, made)
    return { webhook: shown(ctx, made) }
  },
})

/** Errors: PipelineNotFoundException, and those of AWS for what the definition says. */
function check(ctx: Context, definition: WebhookDefinition): void {
  findPipeline(ctx, definition.targetPipeline)
  if (!targetOf(ctx, { definition }))
    throw new AwsError(
      'ValidationException',
      `The first stage of the pipeline '${definition.targetPipeline}' has no action '${definition.targetAction}'`,
    )
  if (!definition.filters.length)
    throw new AwsError('ValidationException', 'A webhook needs a filter at least')
  for (const { jsonPath } of definition.filters)
    if (!parsePath(jsonPath))
      throw new AwsError(
        'InvalidWebhookFilterPatternException',
        `The filter ${jsonPath} is no JSON path, or one with more than names, indexes and *`,
      )
  const problem = authenticationProblem(definition)
  if (problem) throw new AwsError('InvalidWebhookAuthenticationParametersException', problem)
  const { AllowedIPRange } = definition.authenticationConfiguration
  if (AllowedIPRange !== undefined) ipRange(AllowedIPRange, invalidRange)
}

/** AWS: "For GITHUB_HMAC, only the SecretToken property must be set. For IP, only the AllowedIPRange", a CIDR range. */
function authenticationProblem({
  authentication,
  authenticationConfiguration: { SecretToken, AllowedIPRange },
}: WebhookDefinition): string | undefined {
  const [hasToken, hasRange] = [SecretToken !== undefined, AllowedIPRange !== undefined]
  if (hasToken !== (authentication === 'GITHUB_HMAC') || hasRange !== (authentication === 'IP'))
    return 'GITHUB_HMAC takes a SecretToken alone, IP an AllowedIPRange alone, UNAUTHENTICATED neither'
  return undefined
}

/** AWS: a secret token is redacted. */
function shown(ctx: Context, { definition, secretPath, arn, tags, lastTriggered, error }: StoredWebhook) {
  const { SecretToken, ...rest } = definition.authenticationConfiguration
  return {
    arn,
    url: `${ctx.cloud.endpoint}${WEBHOOK_PATH}${secretPath}`,
    definition: {
      ...definition,
      filters: [...definition.filters],
      authenticationConfiguration: SecretToken === undefined ? rest : { ...rest, SecretToken: '****' },
    },
    lastTriggered: lastTriggered === undefined ? undefined : new Date(lastTriggered),
    errorCode: error?.code,
    errorMessage: error?.message,
    tags: pipelineTags.write(tags),
  }
}

export const ListWebhooks = operation({
  service: 'codepipeline',
  name: 'ListWebhooks',
  access: (_input, ctx) => [webhookKind.on(ctx, 'ListWebhooks', { name: '*' })],
  run: ({ NextToken: token, MaxResults: limit = 100 }, ctx) => {
    const all = ctx.table(webhooks).values()
    const page = paginate(all, { token, limit, query: '', error: invalidNextToken })
    return { webhooks: page.items.map((one) => shown(ctx, one)), NextToken: page.nextToken }
  },
})

/** AWS: deleting a webhook that is not there succeeds. */
export const DeleteWebhook = operation({
  service: 'codepipeline',
  name: 'DeleteWebhook',
  access: (input, ctx) => [webhookKind.on(ctx, 'DeleteWebhook', input)],
  run: ({ name }, ctx) => {
    ctx.table(webhooks).delete(name)
    return {}
  },
})

/** Here the repository's host is the cloud itself: it tells the webhook of pushes to its own repositories. */
export const RegisterWebhookWithThirdParty = operation({
  service: 'codepipeline',
  name: 'RegisterWebhookWithThirdParty',
  access: ({ webhookName: name = '' }, ctx) => [
    webhookKind.on(ctx, 'RegisterWebhookWithThirdParty', { name }),
  ],
  run: ({ webhookName: name = '' }, ctx) => {
    const hook = webhookKind.find(ctx, { name })
    const target = targetOf(ctx, hook)
    if (!target || !findRunner(target)?.hook)
      throw new AwsError(
        'ValidationException',
        `The webhook ${name} cannot be registered: the provider of its target action ${hook.definition.targetAction} takes no registrations. Let whoever is to start the pipeline call its URL.`,
      )
    webhookKind.change(ctx, { name }, { registered: true })
    return {}
  },
})

export const DeregisterWebhookWithThirdParty = operation({
  service: 'codepipeline',
  name: 'DeregisterWebhookWithThirdParty',
  access: ({ webhookName: name = '' }, ctx) => [
    webhookKind.on(ctx, 'DeregisterWebhookWithThirdParty', { name }),
  ],
  run: ({ webhookName: name = '' }, ctx) => {
    webhookKind.change(ctx, { name }, { registered: false })
    return {}
  },
})
