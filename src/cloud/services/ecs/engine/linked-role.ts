/** The service-linked role, under which ECS calls other services for itself. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import { part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Identity, rootIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { invalid } from '../kinds.ts'
import { itself } from './identity.ts'

const PRINCIPAL = servicePrincipal('ecs')

const roleArn = ({ account }: Context) =>
  formatArn('iam', '', account, `role/aws-service-role/${PRINCIPAL}/AWSServiceRoleForECS`)

/**
 * Makes the role where it is not there yet. AWS: ECS does so when a cluster or a service is made ("Using roles to allow
 * Amazon ECS to manage clusters"); here whoever makes one needs no permission for it.
 */
export async function ensureLinkedRole(ctx: Context): Promise<void> {
  if (ctx.cloud.directory.role(roleArn(ctx))) return
  const options = { as: rootIdentity(ctx.account) }
  try {
    await ctx.call('iam', 'CreateServiceLinkedRole', { AWSServiceName: PRINCIPAL }, options)
  } catch (error) {
    // Another call was faster.
    if (!(error instanceof AwsError) || !ctx.cloud.directory.role(roleArn(ctx))) throw error
  }
}

const sessions = part({
  name: 'sessions of the service-linked role of ECS',
  make: () => new Map<string, { readonly identity: Identity; readonly until: number }>(),
})

/** Milliseconds that a session is used for; it lasts an hour. */
const USED = 1_800_000

/** Gives a session of the role. Errors: InvalidParameterException in AWS's words where there is no role. */
export async function linkedRole(ctx: Context): Promise<Identity> {
  const now = ctx.cloud.clock.now()
  const known = ctx.cloud.part(sessions).get(ctx.account)
  if (known && known.until > now && ctx.cloud.directory.caller(known.identity)) return known.identity
  const { identity } = await ctx
    .assumeRole(roleArn(ctx), { by: itself, sessionName: 'ecs-service-scheduler' })
    .catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      throw invalid(
        'Unable to assume the service linked role. Please verify that the ECS service linked role exists.',
      )
    })
  ctx.cloud.part(sessions).set(ctx.account, { identity, until: now + USED })
  return identity
}
