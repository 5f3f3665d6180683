/** Builds in a VPC: what the project says is checked, and the role asked for what its network interface takes. */
import type { VpcConfig } from '@aws-sdk/client-codebuild'
import { AwsError } from '../../../../model/index.ts'
import { vpcNeeds } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import type { StoredBuild } from '../state.ts'
import { PhaseFailure } from './build-run.ts'
import { invalid } from './refusals.ts'

const ID: Readonly<Record<string, RegExp>> = {
  vpcId: /^vpc-[0-9a-z]+$/,
  subnets: /^subnet-[0-9a-z]+$/,
  securityGroupIds: /^sg-[0-9a-z]+$/,
}

/** Whether a configuration names a VPC. AWS: an update with an empty one takes the project out of its VPC. */
export const isInVpc = (config: VpcConfig | undefined): boolean =>
  Boolean(config?.vpcId || config?.subnets?.length || config?.securityGroupIds?.length)

/** AWS: all three are given, or none (VpcConfig). Errors: InvalidInputException. */
export function checkVpc(config: VpcConfig | undefined): void {
  if (!config || !isInVpc(config)) return
  for (const [member, pattern] of Object.entries(ID)) {
    const values = [config[member as keyof VpcConfig] ?? []].flat()
    if (!values.length) throw invalid(`Invalid vpc config: ${member} is required`)
    const wrong = values.find((one) => !pattern.test(one))
    if (wrong !== undefined)
      throw invalid(`Invalid vpc config: ${member} has "${wrong}", which is no such id`)
  }
}

/**
 * AWS: a project in a VPC is refused where its role may not look up security groups yet (aws-cdk, Project.configureVpc:
 * the project depends on the policy). Errors: InvalidInputException.
 */
export async function checkVpcRole(
  ctx: Context,
  role: Identity,
  config: VpcConfig | undefined,
): Promise<void> {
  if (!isInVpc(config)) return
  await ctx
    .as(role)
    .authorize([{ action: 'ec2:DescribeSecurityGroups', resource: '*' }])
    .catch(() => {
      throw invalid('Not authorized to perform DescribeSecurityGroups')
    })
}

/**
 * Asks for the network interface that a build in a VPC has on AWS; here it runs in the network of this machine.
 * AWS: "Allow CodeBuild access to AWS services required to create a VPC network interface".
 * Errors: PhaseFailure with VPC_CLIENT_ERROR.
 */
export async function askForInterface(ctx: Context, role: Identity, build: StoredBuild): Promise<void> {
  const { vpcConfig, serviceRole = '' } = build
  if (!isInVpc(vpcConfig)) return
  const { account, region } = ctx
  const needs = vpcNeeds({ serviceRole, subnets: vpcConfig?.subnets ?? [], account, region })
  try {
    await ctx
      .as(role)
      .authorize(needs.map(({ action, resource, context = {} }) => ({ action, resource, context })))
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new PhaseFailure(
      'VPC_CLIENT_ERROR',
      `Unexpected EC2 error: UnauthorizedOperation. ${error.message}`,
    )
  }
}
