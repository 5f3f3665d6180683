/** The CloudFormation types of Organizations. */
import {
  DescribeOrganizationalUnitCommand,
  DescribePolicyCommand,
  ListPoliciesCommand,
  ListTagsForResourceCommand,
  ListTargetsForPolicyCommand,
} from '@aws-sdk/client-organizations'
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns'
import { expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'
import { document, ORGANIZATION, organizations, ROOT } from './guardrails.ts'

const test = await startTestCloud({ accounts: [HUB, DEV, '333333333333'] })
const client = organizations(test)
const stacks = driveStacks(test)

const statement = { Effect: 'Deny', Action: 'sns:*', Resource: '*' }
const template = (name: string, targets: unknown[], content: unknown, tag: string) => ({
  Resources: {
    Unit: {
      Type: 'AWS::Organizations::OrganizationalUnit',
      Properties: { Name: name, ParentId: ROOT, Tags: [{ Key: 'team', Value: tag }] },
    },
    Policy: {
      Type: 'AWS::Organizations::Policy',
      Properties: {
        Name: 'NoTopics',
        Type: 'SERVICE_CONTROL_POLICY',
        Content: content,
        TargetIds: targets,
        Tags: [{ Key: 'team', Value: tag }],
      },
    },
  },
  Outputs: {
    Unit: { Value: { Ref: 'Unit' } },
    UnitArn: { Value: { 'Fn::GetAtt': ['Unit', 'Arn'] } },
    Policy: { Value: { Ref: 'Policy' } },
    PolicyArn: { Value: { 'Fn::GetAtt': ['Policy', 'Arn'] } },
  },
})
const targetsOf = async (PolicyId: string) =>
  (await client.send(new ListTargetsForPolicyCommand({ PolicyId }))).Targets?.map((one) => one.TargetId)

it('make, change and take away units and policies', async () => {
  const object = JSON.parse(document(statement))
  const made = await stacks.create('guards', template('Guarded', [{ Ref: 'Unit' }, DEV], object, 'one'))
  expect(made.StackStatus).toBe('CREATE_COMPLETE')
  const outputs = await stacks.outputs('guards')
  const unit = outputs.Unit!
  const policy = outputs.Policy!
  expect(outputs).toMatchObject({
    UnitArn: `arn:aws:organizations::${HUB}:ou/${ORGANIZATION}/${unit}`,
    PolicyArn: `arn:aws:organizations::${HUB}:policy/${ORGANIZATION}/service_control_policy/${policy}`,
  })
  expect(await targetsOf(policy)).toEqual([unit, DEV])
  const topics = () => test.client(SNSClient, { account: DEV }).send(new ListTopicsCommand({}))
  await expect(topics()).rejects.toThrow(/service control policy/)

  const text = document(statement, { ...statement, Action: 'sqs:*' })
  const changed = await stacks.update('guards', template('Renamed', [{ Ref: 'Unit' }], text, 'two'))
  expect(changed.StackStatus).toBe('UPDATE_COMPLETE')
  expect(await targetsOf(policy)).toEqual([unit])
  await topics()
  const described = await client.send(new DescribePolicyCommand({ PolicyId: policy }))
  expect(described.Policy?.Content).toBe(text)
  const { OrganizationalUnit } = await client.send(
    new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: unit }),
  )
  expect(OrganizationalUnit?.Name).toBe('Renamed')
  for (const ResourceId of [unit, policy]) {
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceId }))
    expect(Tags).toContainEqual({ Key: 'team', Value: 'two' })
  }

  expect((await stacks.remove('guards')).StackStatus).toBe('DELETE_COMPLETE')
  const { Policies } = await client.send(new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY' }))
  expect(Policies?.map((one) => one.Name)).toEqual(['FullAWSAccess'])
})

it('leave nothing behind when a target does not exist', async () => {
  const object = JSON.parse(document(statement))
  await stacks.create('broken', template('Broken', [DEV, '999999999999'], object, 'one'))
  expect((await stacks.events('broken')).join('\n')).toMatch(
    /Policy CREATE_FAILED .*You specified a target that doesn't exist/,
  )
  const { Policies } = await client.send(new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY' }))
  expect(Policies?.map((one) => one.Name)).toEqual(['FullAWSAccess'])
})

it('make nothing in a member account', async () => {
  const member = driveStacks(test, { account: DEV })
  await member.create('mine', template('Mine', [DEV], document(statement), 'one'))
  expect((await member.events('mine')).join('\n')).toMatch(
    /CREATE_FAILED .*You don't have permissions to access this resource/,
  )
})

it.each([
  ['AWS::Organizations::Account', { AccountName: 'new', Email: 'new@accounts.example' }],
  ['AWS::Organizations::Organization', {}],
  ['AWS::Organizations::ResourcePolicy', { Content: document(statement) }],
])('refuse %s by name', async (Type, Properties) => {
  const name = `refused-${Type.split('::')[2]}`
  await stacks.create(name, { Resources: { One: { Type, Properties } } })
  expect((await stacks.events(name)).join('\n')).toMatch(
    new RegExp(`One CREATE_FAILED .*does not support ${Type}`),
  )
})
