/** AWS::ECR::Repository: made, changed and deleted by stacks. */
import {
  DescribeRepositoriesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-ecr'
import { expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'
import { PULL } from './callers.ts'
import { pushImage } from './images.ts'

const test = await startTestCloud()
const ecr = test.client(ECRClient)
const stacks = driveStacks(test)

const LifecyclePolicyText = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: 'Keep ten',
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 },
      action: { type: 'expire' },
    },
  ],
})
const policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${DEV}:root` }, Action: PULL }],
}

const template = (Properties: object) => ({
  Resources: { Images: { Type: 'AWS::ECR::Repository', Properties } },
  Outputs: {
    Name: { Value: { Ref: 'Images' } },
    Arn: { Value: { 'Fn::GetAtt': ['Images', 'Arn'] } },
    Uri: { Value: { 'Fn::GetAtt': ['Images', 'RepositoryUri'] } },
  },
})
const described = async (name: string) =>
  (await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }))).repositories![0]!

it('makes a repository with its policies, changes and deletes it', async () => {
  const first = {
    RepositoryName: 'stacked',
    RepositoryPolicyText: policy,
    LifecyclePolicy: { LifecyclePolicyText },
  }
  const made = await stacks.create('images', template({ ...first, Tags: [{ Key: 'team', Value: 'orders' }] }))
  expect(made.StackStatus, (await stacks.events('images')).join('\n')).toBe('CREATE_COMPLETE')
  const { Arn = '', ...outputs } = await stacks.outputs('images')
  expect(Arn).toBe(`arn:aws:ecr:us-east-1:${HUB}:repository/stacked`)
  expect(outputs).toEqual({ Name: 'stacked', Uri: (await described('stacked')).repositoryUri })
  const named = { repositoryName: 'stacked' }
  expect(JSON.parse((await ecr.send(new GetRepositoryPolicyCommand(named))).policyText!)).toEqual(policy)
  expect((await ecr.send(new GetLifecyclePolicyCommand(named))).lifecyclePolicyText).toBe(LifecyclePolicyText)

  const second = {
    RepositoryName: 'stacked',
    ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    ImageTagMutabilityExclusionFilters: [
      {
        ImageTagMutabilityExclusionFilterType: 'WILDCARD',
        ImageTagMutabilityExclusionFilterValue: 'dev-*',
      },
    ],
    ImageScanningConfiguration: { ScanOnPush: true },
    Tags: [{ Key: 'stage', Value: 'prod' }],
  }
  const changed = await stacks.update('images', template(second))
  expect(changed.StackStatus, (await stacks.events('images')).join('\n')).toBe('UPDATE_COMPLETE')
  expect(await described('stacked')).toMatchObject({
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
    imageScanningConfiguration: { scanOnPush: true },
  })
  for (const Command of [GetRepositoryPolicyCommand, GetLifecyclePolicyCommand])
    await expect(ecr.send(new Command(named))).rejects.toMatchObject({
      name: expect.stringContaining('PolicyNotFoundException'),
    })
  const { tags = [] } = await ecr.send(new ListTagsForResourceCommand({ resourceArn: Arn }))
  const own = tags.filter((one) => !one.Key?.startsWith('aws:'))
  expect(own).toEqual([{ Key: 'stage', Value: 'prod' }])
  expect((await stacks.remove('images')).StackStatus).toBe('DELETE_COMPLETE')
  await expect(described('stacked')).rejects.toMatchObject({ name: 'RepositoryNotFoundException' })
})

it('empties a repository on deletion only where the template says so', async () => {
  await stacks.create('kept', template({ RepositoryName: 'kept' }))
  await pushImage(ecr, { repositoryName: 'kept' }, 'x', 'v1')
  expect((await stacks.remove('kept')).StackStatus).toBe('DELETE_FAILED')
  expect((await stacks.events('kept')).join('\n')).toContain('because it still contains images (Service: Ecr')
  await stacks.create('emptied', template({ EmptyOnDelete: true }))
  const { Name = '' } = await stacks.outputs('emptied')
  expect(Name).toMatch(/^emptied-images-[a-z0-9]+$/)
  await pushImage(ecr, { repositoryName: Name }, 'x', 'v1')
  expect((await stacks.remove('emptied')).StackStatus).toBe('DELETE_COMPLETE')
})

it('leaves nothing behind where its policy is refused', async () => {
  const ghost = { AWS: `arn:aws:iam::${DEV}:role/ghost` }
  const RepositoryPolicyText = { ...policy, Statement: [{ ...policy.Statement[0], Principal: ghost }] }
  const made = await stacks.create('refused', template({ RepositoryName: 'refused', RepositoryPolicyText }))
  expect(made.StackStatus).toBe('ROLLBACK_COMPLETE')
  expect((await stacks.events('refused')).join('\n')).toContain('Invalid repository policy provided')
  await expect(described('refused')).rejects.toMatchObject({ name: 'RepositoryNotFoundException' })
})
