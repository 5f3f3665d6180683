/** Telling EventBridge of images that came and went. */
import type { Context } from '../../../kernel/context.ts'
import type { Repository } from '../state.ts'

/** AWS: the event belongs to the repository's account and region, whoever pushed; it names no resources. */
export function publishImageAction(
  ctx: Context,
  { name, account, region }: Repository,
  action: 'PUSH' | 'DELETE',
  image: { readonly digest: string; readonly tag?: string },
): void {
  ctx.as(ctx.identity, { account, region }).publish({
    source: 'aws.ecr',
    detailType: 'ECR Image Action',
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': name,
      'image-digest': image.digest,
      'action-type': action,
      ...(image.tag !== undefined && { 'image-tag': image.tag }),
    },
  })
}
