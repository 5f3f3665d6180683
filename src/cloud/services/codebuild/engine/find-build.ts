/** Builds as requests name them. */
import { AwsError } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { projectArn, projectKind } from '../kinds.ts'
import { builds, type StoredBuild } from '../state.ts'

export const buildId = (idOrArn: string): string =>
  idOrArn.startsWith('arn:') ? idOrArn.slice(idOrArn.indexOf(':build/') + 7) : idOrArn

/** Errors: ResourceNotFoundException. */
export function findBuild(ctx: Context, idOrArn: string): StoredBuild {
  const found = ctx.table(builds).get(buildId(idOrArn))
  if (found) return found
  throw new AwsError('ResourceNotFoundException', `Build ${idOrArn} cannot be found`)
}

/** AWS: a build is no resource for policies, its project is asked. */
export const onProjectsOf = (ctx: Context, action: string, ids: readonly string[]): AccessRequest[] =>
  [...new Set(ids.map((id) => projectArn(ctx, buildId(id).replace(/:[^:]*$/, ''))))].map((arn) =>
    projectKind.on(ctx, action, arn),
  )
