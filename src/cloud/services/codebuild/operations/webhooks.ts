/** Webhooks of projects: the events of their repositories that start builds. */
import type { Webhook } from '@aws-sdk/client-codebuild'
import { AwsError } from '../../../../model/index.ts'
import { connectedLocation } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { checkWebhook } from '../engine/webhooks/check-webhook.ts'
import { projectKind } from '../kinds.ts'
import { type StoredWebhook, webhooks } from '../state.ts'

/** Errors: ResourceNotFoundException. */
function find(ctx: Context, project: string): StoredWebhook {
  const found = ctx.table(webhooks).get(project)
  if (found) return found
  throw new AwsError('ResourceNotFoundException', `Webhook of project ${project} cannot be found`)
}

/** Errors: ResourceAlreadyExistsException, InvalidInputException, UnsupportedParameter. */
export const CreateWebhook = operation({
  service: 'codebuild',
  name: 'CreateWebhook',
  access: (input, ctx) => [projectKind.on(ctx, 'CreateWebhook', input.projectName)],
  run: ({ projectName, ...input }, ctx) => {
    const { name, source } = projectKind.find(ctx, projectName)
    const table = ctx.table(webhooks)
    if (table.has(name))
      throw new AwsError('ResourceAlreadyExistsException', `Webhook already exists for project ${name}`)
    const wish = input as Webhook
    checkWebhook(source?.type ?? '', wish)
    const webhook: Webhook = {
      // There is nothing outside that would have an address of its own: events come out of the repository.
      url: `${ctx.cloud.endpoint}/_codeconnections/${connectedLocation(source?.location ?? '')}`,
      buildType: wish.buildType ?? 'BUILD',
      ...(wish.filterGroups && { filterGroups: wish.filterGroups }),
      ...(wish.branchFilter && { branchFilter: wish.branchFilter }),
      ...(wish.pullRequestBuildPolicy && { pullRequestBuildPolicy: wish.pullRequestBuildPolicy }),
      status: 'ACTIVE',
    }
    table.put(name, { project: name, webhook })
    return { webhook }
  },
})

/** AWS: filters that are given take the place of those before. Errors: as CreateWebhook's; ResourceNotFoundException. */
export const UpdateWebhook = operation({
  service: 'codebuild',
  name: 'UpdateWebhook',
  access: (input, ctx) => [projectKind.on(ctx, 'UpdateWebhook', input.projectName)],
  run: ({ projectName, ...input }, ctx) => {
    const { name, source } = projectKind.find(ctx, projectName)
    const { webhook: before } = find(ctx, name)
    const wish = input as Webhook
    checkWebhook(source?.type ?? '', wish)
    const webhook: Webhook = {
      ...before,
      ...(wish.buildType && { buildType: wish.buildType }),
      ...(wish.filterGroups && { filterGroups: wish.filterGroups, branchFilter: undefined }),
      ...(wish.branchFilter !== undefined && { branchFilter: wish.branchFilter }),
      ...(wish.pullRequestBuildPolicy && { pullRequestBuildPolicy: wish.pullRequestBuildPolicy }),
    }
    ctx.table(webhooks).put(name, { project: name, webhook })
    return { webhook }
  },
})

/** Errors: ResourceNotFoundException. */
export const DeleteWebhook = operation({
  service: 'codebuild',
  name: 'DeleteWebhook',
  access: (input, ctx) => [projectKind.on(ctx, 'DeleteWebhook', input.projectName)],
  run: ({ projectName }, ctx) => {
    const { name } = projectKind.find(ctx, projectName)
    find(ctx, name)
    ctx.table(webhooks).delete(name)
    return {}
  },
})
