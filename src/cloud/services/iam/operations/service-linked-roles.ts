/** iam:CreateServiceLinkedRole. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { trustPolicy } from '../engine/document.ts'
import { linkedService } from '../engine/linked-services.ts'
import { newPrincipal, ROLE, tableOf } from '../engine/principals.ts'
import { wholeRole } from '../engine/role-output.ts'
import type { RoleRecord } from '../state.ts'

const HOUR = 3_600

/**
 * Makes the role that a service acts under for itself. AWS: it trusts that service alone and has its policy, which no
 * other role may have. Errors: InvalidInput for a service that has none, and for a role that is there.
 */
export const CreateServiceLinkedRole = operation({
  service: 'iam',
  name: 'CreateServiceLinkedRole',
  access: ({ AWSServiceName: service }, ctx) => [
    {
      action: 'iam:CreateServiceLinkedRole',
      resource: formatArn(
        'iam',
        '',
        ctx.account,
        `role/aws-service-role/${service}/${linkedService(service)?.role ?? '*'}`,
      ),
      context: { 'iam:AWSServiceName': service },
    },
  ],
  run: (input, ctx) => {
    refuseUnsupported(input, ['CustomSuffix'])
    const service = input.AWSServiceName
    const linked = linkedService(service)
    if (!linked)
      throw new AwsError('InvalidInput', `The embedded cloud makes no service-linked role for ${service}.`)
    const table = tableOf(ctx, ROLE.collection)
    if (table.has(linked.role.toLowerCase()))
      throw new AwsError(
        'InvalidInput',
        `Service role name ${linked.role} has been taken in this account, please try a different suffix.`,
      )
    const document = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    }
    const role: RoleRecord = {
      ...newPrincipal(ctx, ROLE, { name: linked.role, path: `/aws-service-role/${service}/` }),
      trustPolicy: trustPolicy(JSON.stringify(document), ctx.cloud.directory),
      description: input.Description,
      maxSessionSeconds: HOUR,
      attachedPolicies: [`arn:aws:iam::aws:policy/aws-service-role/${linked.policy}`],
      tags: {},
    }
    table.put(role.name.toLowerCase(), role)
    return { Role: wholeRole(ctx, role) }
  },
})
