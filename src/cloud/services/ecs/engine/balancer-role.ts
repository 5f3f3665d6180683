/** Under which role ECS works on load balancers. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { itself } from './identity.ts'
import { linkedRole } from './linked-role.ts'

/** Why ECS cannot do what it has to, in words that follow `because`. */
export class RoleRefused extends Error {}

/**
 * Gives a session of the infrastructure role that a service names for its load balancers, or of the service-linked role.
 * Errors: RoleRefused where the named role does not let ECS take it on.
 */
export async function balancerRole(
  ctx: Context,
  role: string | undefined,
  sessionName = 'ecs-service-scheduler',
): Promise<Identity> {
  if (role === undefined) return linkedRole(ctx)
  try {
    return (await ctx.assumeRole(role, { by: itself, sessionName })).identity
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new RoleRefused(
      `of invalid networking configuration. ECS was unable to manage the ELB resources due to missing permissions on ECS Infrastructure Role '${role}'.`,
    )
  }
}

/** Gives the message of what a service answered. Errors: whatever is no answer. */
export function refusal(error: unknown): string {
  if (error instanceof AwsError || error instanceof RoleRefused) return error.message
  throw error
}
