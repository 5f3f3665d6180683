/** Projects in a VPC: kept, and their role asked for what the network interface takes. */
import { BatchGetProjectsCommand, UpdateProjectCommand } from '@aws-sdk/client-codebuild'
import { expect, it } from 'vitest'
import { type Allow, buildspec, failureOf, HUB, openBuilder } from './builder.ts'

const builder = await openBuilder()
const LOGS: Allow = { Action: 'logs:*' }
const vpcConfig = { vpcId: 'vpc-0a', subnets: ['subnet-0b', 'subnet-0c'], securityGroupIds: ['sg-0d'] }
const SPEC = buildspec({ build: ['true'] })
const LOOK: Allow = {
  Action: [
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeDhcpOptions',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcs',
  ],
}
const permission = (...subnets: string[]) => ({
  Action: 'ec2:CreateNetworkInterfacePermission',
  Resource: `arn:aws:ec2:us-east-1:${HUB}:network-interface/*`,
  Condition: {
    StringEquals: {
      'ec2:AuthorizedService': 'codebuild.amazonaws.com',
      'ec2:Subnet': subnets.map((one) => `arn:aws:ec2:us-east-1:${HUB}:subnet/${one}`),
    },
  },
})

it('a build has its VPC where the role may do all that it takes', async () => {
  const serviceRole = await builder.role('in-vpc', [LOGS, LOOK, permission(...vpcConfig.subnets)])
  const { build } = await builder.once('inside', SPEC, { serviceRole, vpcConfig })
  expect(build.buildStatus, failureOf(build)).toBe('SUCCEEDED')
  expect(build.vpcConfig).toEqual(vpcConfig)

  await builder.codebuild.send(new UpdateProjectCommand({ name: 'inside', vpcConfig: {} }))
  const { projects } = await builder.codebuild.send(new BatchGetProjectsCommand({ names: ['inside'] }))
  expect(projects![0]!.vpcConfig?.subnets).toBeUndefined()
  expect((await builder.build('inside')).vpcConfig).toBeUndefined()
})

it('a subnet that the role is not given fails the build', async () => {
  const serviceRole = await builder.role('one-subnet', [LOGS, LOOK, permission('subnet-0b')])
  const { build } = await builder.once('half', SPEC, { serviceRole, vpcConfig })
  expect(failureOf(build)).toMatch(
    /^PROVISIONING VPC_CLIENT_ERROR: Unexpected EC2 error: UnauthorizedOperation\. .*ec2:CreateNetworkInterfacePermission/,
  )
})

it('a role that may not look refuses the project', async () => {
  await expect(builder.project('blind', SPEC, { vpcConfig })).rejects.toThrow(
    'Not authorized to perform DescribeSecurityGroups',
  )
})

it.each([
  [{ ...vpcConfig, securityGroupIds: [] }, /securityGroupIds is required/],
  [{ ...vpcConfig, subnets: ['net-1'] }, /subnets has "net-1"/],
])('a VPC of %j is refused', async (wrong, message) => {
  await expect(builder.project('wrong', SPEC, { vpcConfig: wrong })).rejects.toThrow(message)
})
