/** As whom load balancers act by themselves. */
import type { Context } from '../../../kernel/context.ts'
import { type Identity, serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import type { TargetGroup } from '../state.ts'

export const principal = servicePrincipal('elasticloadbalancing')

/** A context for work that no request began. */
export const asService = (ctx: Context): Context => ctx.as(serviceIdentity(principal))

/** AWS: functions see the target group that they are called for as aws:SourceArn. */
export const onBehalfOf = ({ account }: Context, { arn }: Pick<TargetGroup, 'arn'>): Identity =>
  serviceIdentity(principal, { arn, account })
