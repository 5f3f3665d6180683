/** Sessions of the pipeline's role and of the role in effect. */
import type { Arn } from '../../../../model/index.ts'
import type { AssumedRole, Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'

/** A session is renewed when it has less than this left, in milliseconds. */
const MARGIN = 5 * 60_000

export interface RoleSessions {
  /** The pipeline's role, assumed by CodePipeline itself. */
  pipeline(): Promise<Identity>
  /** The action's role, assumed by the pipeline's role; the pipeline's role where the action has none. */
  inEffect(): Promise<Identity>
  /** A session of the role in effect that a policy limits. */
  limited(policy: string): Promise<AssumedRole>
}

/** Gives sessions on demand. `ctx` acts as CodePipeline. Errors: STS's AccessDenied when a role cannot be assumed. */
export function roleSessions(ctx: Context, roles: { pipeline: Arn; action?: Arn }): RoleSessions {
  const own = roles.action && roles.action !== roles.pipeline ? roles.action : undefined
  const sessionName = () => String(ctx.cloud.clock.now()).padStart(13, '0')
  const pipeline = renewing(ctx, () =>
    ctx.assumeRole(roles.pipeline, { by: ctx.identity, sessionName: sessionName() }),
  )
  const byPipeline = async (policy?: string): Promise<AssumedRole> =>
    ctx.assumeRole(own!, { by: await pipeline(), sessionName: sessionName(), policy })
  return {
    pipeline,
    inEffect: own ? renewing(ctx, byPipeline) : pipeline,
    limited: (policy) =>
      own
        ? byPipeline(policy)
        : ctx.assumeRole(roles.pipeline, { by: ctx.identity, sessionName: sessionName(), policy }),
  }
}

function renewing(ctx: Context, assume: () => Promise<AssumedRole>): () => Promise<Identity> {
  let session: Promise<AssumedRole> | undefined
  return async () => {
    const current = await session
    if (!current || current.credentials.expiration.getTime() - ctx.cloud.clock.now() < MARGIN)
      session = assume()
    return (await session!).identity
  }
}
