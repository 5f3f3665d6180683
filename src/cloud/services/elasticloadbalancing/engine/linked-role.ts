/** The service-linked role, which the first load balancer of an account makes. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { principal } from './identity.ts'

const roleArn = ({ account }: Context) =>
  formatArn('iam', '', account, `role/aws-service-role/${principal}/AWSServiceRoleForElasticLoadBalancing`)

/** AWS: who makes the first load balancer must be allowed to make the role. Errors: AccessDenied. */
export async function ensureLinkedRole(ctx: Context): Promise<void> {
  if (ctx.cloud.directory.role(roleArn(ctx))) return
  try {
    await ctx.call('iam', 'CreateServiceLinkedRole', { AWSServiceName: principal })
  } catch (error) {
    // Another call was faster.
    if (!(error instanceof AwsError) || !ctx.cloud.directory.role(roleArn(ctx))) throw error
  }
}
