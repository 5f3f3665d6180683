/** Batch builds as requests name them. */
import { AwsError } from '../../../../../model/index.ts'
import type { AccessRequest } from '../../../../kernel/access-request.ts'
import type { Context } from '../../../../kernel/context.ts'
import { projectArn, projectKind } from '../../kinds.ts'
import { batches, type StoredBatch } from '../../state.ts'

export const batchId = (idOrArn: string): string =>
  idOrArn.startsWith('arn:') ? idOrArn.slice(idOrArn.indexOf(':build-batch/') + 13) : idOrArn

export const projectOf = (ctx: Context, idOrArn: string): string =>
  projectArn(ctx, batchId(idOrArn).replace(/:[^:]*$/, ''))

/** AWS: a batch is no resource for policies, its project is asked. */
export const onBatch = (ctx: Context, action: string, idOrArn: string): AccessRequest =>
  projectKind.on(ctx, action, projectOf(ctx, idOrArn))

/** Errors: ResourceNotFoundException. */
export function findBatch(ctx: Context, idOrArn: string): StoredBatch {
  const found = ctx.table(batches).get(batchId(idOrArn))
  if (found) return found
  throw new AwsError('ResourceNotFoundException', `Batch build ${idOrArn} cannot be found`)
}
