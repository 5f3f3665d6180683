/** Stack sets: stacks in other accounts and regions under roles that are really assumed, and what operations do in which order. */
import {
  CloudFormationClient,
  CreateStackInstancesCommand,
  type CreateStackInstancesCommandInput,
  CreateStackSetCommand,
  type CreateStackSetCommandInput,
  DeleteStackInstancesCommand,
  DeleteStackSetCommand,
  DescribeStackInstanceCommand,
  DescribeStackResourceCommand,
  DescribeStackSetCommand,
  DescribeStackSetOperationCommand,
  DescribeStacksCommand,
  ListStackInstancesCommand,
  ListStackSetOperationResultsCommand,
  ListStackSetOperationsCommand,
  ListStackSetsCommand,
  StopStackSetOperationCommand,
  UpdateStackInstancesCommand,
  UpdateStackSetCommand,
} from '@aws-sdk/client-cloudformation'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import {
  CreateOrganizationalUnitCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { ROOT } from '../organizations/guardrails.ts'
import { driveStacks } from './stack-driver.ts'

const PROD = '333333333333'
const BARE = '444444444444'
const test = await startTestCloud({ managementAccount: HUB })
const cfn = test.client(CloudFormationClient)

const template = (name = 'told') =>
  JSON.stringify({
    Parameters: { Word: { Type: 'String', Default: 'none' } },
    Resources: {
      Told: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Name: name, Type: 'String', Value: { Ref: 'Word' } },
      },
    },
  })

async function role(account: string, RoleName: string, Principal: object, Action: string[], Resource = '*') {
  const iam = test.client(IAMClient, { account })
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
  }
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  )
  const Statement = [{ Effect: 'Allow', Action, Resource }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }))
  return Role!.Arn!
}

/** A stack that is not done before somebody signals. */
const HELD = JSON.stringify({
  Resources: {
    Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    Wait: {
      Type: 'AWS::CloudFormation::WaitCondition',
      Properties: { Handle: { Ref: 'Handle' }, Timeout: '600' },
    },
  },
})

/** Signals the stack of a set, as soon as it waits. */
async function letGo(account: string, set: string): Promise<void> {
  const client = test.client(CloudFormationClient, { account })
  const url = await vi.waitFor(async () => {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({}))
    const StackName = Stacks.find((one) => one.StackName!.startsWith(`StackSet-${set}-`))!.StackName
    const asked = new DescribeStackResourceCommand({ StackName, LogicalResourceId: 'Handle' })
    const { StackResourceDetail: handle } = await client.send(asked)
    expect(handle?.ResourceStatus).toBe('CREATE_COMPLETE')
    return handle!.PhysicalResourceId!
  })
  await fetch(url, { method: 'PUT', body: '{"Status":"SUCCESS","UniqueId":"a"}' })
}

const EXECUTION = 'AWSCloudFormationStackSetExecutionRole'

beforeAll(async () => {
  const service = { Service: 'cloudformation.amazonaws.com' }
  const arns = `arn:aws:iam::*:role/${EXECUTION}`
  const admin = await role(
    HUB,
    'AWSCloudFormationStackSetAdministrationRole',
    service,
    ['sts:AssumeRole'],
    arns,
  )
  for (const account of [DEV, PROD])
    await role(account, EXECUTION, { AWS: admin }, ['cloudformation:*', 'ssm:*'])
})

const createSet = (StackSetName: string, more: Partial<CreateStackSetCommandInput> = {}) =>
  cfn.send(new CreateStackSetCommand({ StackSetName, TemplateBody: template(StackSetName), ...more }))

async function operation(StackSetName: string, OperationId: string | undefined) {
  await test.cloud.settled()
  const { StackSetOperation } = await cfn.send(
    new DescribeStackSetOperationCommand({ StackSetName, OperationId }),
  )
  return StackSetOperation!
}

async function deploy(StackSetName: string, more: Partial<CreateStackInstancesCommandInput> = {}) {
  const input = { StackSetName, Accounts: [DEV], Regions: ['us-east-1'], ...more }
  const { OperationId } = await cfn.send(new CreateStackInstancesCommand(input))
  return operation(StackSetName, OperationId)
}

async function results(StackSetName: string, OperationId: string | undefined) {
  const { Summaries = [] } = await cfn.send(
    new ListStackSetOperationResultsCommand({ StackSetName, OperationId }),
  )
  return Summaries.map(({ Account, Region, Status, StatusReason }) =>
    [Account, Region, Status, StatusReason].filter(Boolean).join(' '),
  )
}

async function instances(StackSetName: string) {
  const { Summaries = [] } = await cfn.send(new ListStackInstancesCommand({ StackSetName }))
  return Summaries.map(({ Account, Region, Status }) => `${Account} ${Region} ${Status}`).sort()
}

const valueIn = async (account: string, region: string, Name: string) =>
  (await test.client(SSMClient, { account, region }).send(new GetParameterCommand({ Name }))).Parameter?.Value

describe('with self-managed permissions', () => {
  it('stacks are made in every account and region, changed with overrides, updated, and removed', async () => {
    await createSet('all', { Parameters: [{ ParameterKey: 'Word', ParameterValue: 'one' }] })
    const made = await deploy('all', { Accounts: [DEV, PROD], Regions: ['us-east-1', 'eu-west-1'] })
    expect(made).toMatchObject({ Status: 'SUCCEEDED', Action: 'CREATE' })
    expect(await instances('all')).toEqual(
      [DEV, PROD].flatMap((one) => [`${one} eu-west-1 CURRENT`, `${one} us-east-1 CURRENT`]),
    )
    expect(await valueIn(PROD, 'eu-west-1', 'all')).toBe('one')
    const { StackInstance } = await cfn.send(
      new DescribeStackInstanceCommand({
        StackSetName: 'all',
        StackInstanceAccount: DEV,
        StackInstanceRegion: 'us-east-1',
      }),
    )
    expect(StackInstance!.StackId).toMatch(
      new RegExp(`^arn:aws:cloudformation:us-east-1:${DEV}:stack/StackSet-all-[0-9a-f-]{36}/`),
    )

    const { OperationId } = await cfn.send(
      new UpdateStackInstancesCommand({
        StackSetName: 'all',
        Accounts: [DEV],
        Regions: ['us-east-1'],
        ParameterOverrides: [{ ParameterKey: 'Word', ParameterValue: 'own' }],
      }),
    )
    expect(await operation('all', OperationId)).toMatchObject({ Status: 'SUCCEEDED', Action: 'UPDATE' })
    expect(await valueIn(DEV, 'us-east-1', 'all')).toBe('own')

    const update = await cfn.send(
      new UpdateStackSetCommand({
        StackSetName: 'all',
        UsePreviousTemplate: true,
        Parameters: [{ ParameterKey: 'Word', ParameterValue: 'two' }],
        Accounts: [DEV],
        Regions: ['us-east-1', 'eu-west-1'],
      }),
    )
    expect(await operation('all', update.OperationId)).toMatchObject({ Status: 'SUCCEEDED' })
    expect([await valueIn(DEV, 'us-east-1', 'all'), await valueIn(DEV, 'eu-west-1', 'all')]).toEqual([
      'own',
      'two',
    ])
    expect(await valueIn(PROD, 'eu-west-1', 'all')).toBe('one')
    expect(await instances('all')).toContain(`${PROD} us-east-1 OUTDATED`)

    await expect(cfn.send(new DeleteStackSetCommand({ StackSetName: 'all' }))).rejects.toMatchObject({
      name: 'StackSetNotEmptyException',
    })
    const gone = await cfn.send(
      new DeleteStackInstancesCommand({
        StackSetName: 'all',
        Accounts: [DEV, PROD],
        Regions: ['us-east-1', 'eu-west-1'],
        RetainStacks: false,
      }),
    )
    expect(await operation('all', gone.OperationId)).toMatchObject({ Status: 'SUCCEEDED', Action: 'DELETE' })
    await expect(valueIn(DEV, 'us-east-1', 'all')).rejects.toMatchObject({ name: 'ParameterNotFound' })
    await cfn.send(new DeleteStackSetCommand({ StackSetName: 'all' }))
    const { Summaries = [] } = await cfn.send(new ListStackSetsCommand({ Status: 'ACTIVE' }))
    expect(Summaries.map((one) => one.StackSetName)).not.toContain('all')
    const { Summaries: done = [] } = await cfn.send(
      new ListStackSetOperationsCommand({ StackSetName: (await idOf('all'))! }),
    )
    expect(done.map(({ Action }) => Action)).toEqual(['DELETE', 'UPDATE', 'UPDATE', 'CREATE'])
  })

  it('the roles are really assumed: what lacks one fails, and says which', async () => {
    await createSet('unreached')
    const failed = await deploy('unreached', { Accounts: [BARE] })
    expect(failed).toMatchObject({ Status: 'FAILED', StatusDetails: { FailedStackInstancesCount: 1 } })
    expect(await results('unreached', failed.OperationId)).toEqual([
      `${BARE} us-east-1 FAILED Account ${BARE} should have '${EXECUTION}' role with trust relationship to Role 'AWSCloudFormationStackSetAdministrationRole'.`,
    ])
    await createSet('unled', { AdministrationRoleARN: `arn:aws:iam::${HUB}:role/none` })
    const unled = await deploy('unled')
    expect(await results('unled', unled.OperationId)).toEqual([
      `${DEV} us-east-1 FAILED Account ${HUB} should have 'none' role with trust relationship to CloudFormation service.`,
    ])
  })

  it('failures are tolerated in each region, in the order of regions, and the rest is cancelled', async () => {
    await createSet('tolerant')
    const OperationPreferences = { RegionOrder: ['eu-west-1', 'us-east-1'] }
    const where = { Accounts: [BARE, DEV], Regions: ['us-east-1', 'eu-west-1'] }
    const strict = await deploy('tolerant', { ...where, OperationPreferences })
    expect(strict.Status).toBe('FAILED')
    expect(
      (await results('tolerant', strict.OperationId))
        .map((one) => one.split(' ').slice(0, 3).join(' '))
        .sort(),
    ).toEqual([
      `${DEV} eu-west-1 CANCELLED`,
      `${DEV} us-east-1 CANCELLED`,
      `${BARE} eu-west-1 FAILED`,
      `${BARE} us-east-1 CANCELLED`,
    ])
    const soft = await deploy('tolerant', {
      ...where,
      OperationPreferences: { FailureTolerancePercentage: 50, MaxConcurrentPercentage: 100 },
    })
    expect(soft.Status).toBe('SUCCEEDED')
    expect(await instances('tolerant')).toEqual([
      `${DEV} eu-west-1 CURRENT`,
      `${DEV} us-east-1 CURRENT`,
      `${BARE} eu-west-1 OUTDATED`,
      `${BARE} us-east-1 OUTDATED`,
    ])
  })

  it('one operation runs at a time, unless others may wait; a stopped one leaves the rest', async () => {
    await createSet('busy', { TemplateBody: HELD })
    const input = { StackSetName: 'busy', Accounts: [DEV, PROD], Regions: ['us-east-1'] }
    const first = await cfn.send(new CreateStackInstancesCommand(input))
    await expect(cfn.send(new CreateStackInstancesCommand(input))).rejects.toMatchObject({
      name: 'OperationInProgressException',
    })
    await cfn.send(new StopStackSetOperationCommand({ StackSetName: 'busy', OperationId: first.OperationId }))
    await letGo(DEV, 'busy')
    expect(await operation('busy', first.OperationId)).toMatchObject({ Status: 'STOPPED' })
    expect(await instances('busy')).toEqual([`${DEV} us-east-1 CURRENT`, `${PROD} us-east-1 OUTDATED`])

    await createSet('queued', { TemplateBody: HELD, ManagedExecution: { Active: true } })
    const asked = { ...input, StackSetName: 'queued', Accounts: [DEV] }
    const one = await cfn.send(new CreateStackInstancesCommand(asked))
    const other = await cfn.send(new CreateStackInstancesCommand(asked))
    const waiting = { StackSetName: 'queued', OperationId: other.OperationId }
    expect((await cfn.send(new DescribeStackSetOperationCommand(waiting))).StackSetOperation?.Status).toBe(
      'QUEUED',
    )
    await letGo(DEV, 'queued')
    expect(await operation('queued', one.OperationId)).toMatchObject({ Status: 'SUCCEEDED' })
    expect(await operation('queued', other.OperationId)).toMatchObject({ Status: 'SUCCEEDED' })
  })

  it('a stack that could not be made is made anew the next time, and stays with RetainStacks', async () => {
    await createSet('mended', { TemplateBody: template('aws-not-allowed') })
    expect(await deploy('mended')).toMatchObject({ Status: 'FAILED' })
    await cfn.send(new UpdateStackSetCommand({ StackSetName: 'mended', TemplateBody: template('mended') }))
    await test.cloud.settled()
    expect(await instances('mended')).toEqual([`${DEV} us-east-1 CURRENT`])
    await cfn.send(
      new DeleteStackInstancesCommand({
        StackSetName: 'mended',
        Accounts: [DEV],
        Regions: ['us-east-1'],
        RetainStacks: true,
      }),
    )
    await test.cloud.settled()
    expect(await instances('mended')).toEqual([])
    expect(await valueIn(DEV, 'us-east-1', 'mended')).toBe('none')
  })
})

const idOf = async (name: string) =>
  (await cfn.send(new ListStackSetsCommand({ Status: 'DELETED' }))).Summaries?.find(
    (one) => one.StackSetName === name,
  )?.StackSetId

describe('with service-managed permissions', () => {
  const organizations = test.client(OrganizationsClient)
  let unit = ''

  beforeAll(async () => {
    const { OrganizationalUnit } = await organizations.send(
      new CreateOrganizationalUnitCommand({ ParentId: ROOT, Name: 'team' }),
    )
    unit = OrganizationalUnit!.Id!
    await organizations.send(
      new MoveAccountCommand({ AccountId: BARE, SourceParentId: ROOT, DestinationParentId: unit }),
    )
  })

  it('units are targets, and accounts that come and go are followed', async () => {
    await createSet('managed', {
      PermissionModel: 'SERVICE_MANAGED',
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
    })
    const done = await deploy('managed', {
      Accounts: undefined,
      DeploymentTargets: { OrganizationalUnitIds: [unit] },
    })
    expect(done).toMatchObject({ Status: 'SUCCEEDED' })
    expect(await instances('managed')).toEqual([`${BARE} us-east-1 CURRENT`])
    await organizations.send(
      new MoveAccountCommand({ AccountId: PROD, SourceParentId: ROOT, DestinationParentId: unit }),
    )
    await test.cloud.settled()
    expect(await instances('managed')).toEqual([`${PROD} us-east-1 CURRENT`, `${BARE} us-east-1 CURRENT`])
    await organizations.send(
      new MoveAccountCommand({ AccountId: PROD, SourceParentId: unit, DestinationParentId: ROOT }),
    )
    await test.cloud.settled()
    expect(await instances('managed')).toEqual([`${BARE} us-east-1 CURRENT`])
  })

  it.each<[string, Partial<CreateStackSetCommandInput>, string, string?]>([
    ['from a member account', {}, 'You must be the management account', DEV],
    ['with a role', { ExecutionRoleName: 'own' }, 'Roles cannot be specified'],
    [
      'with a transform',
      {
        TemplateBody:
          '{"Transform":"AWS::Serverless-2016-10-31","Resources":{"A":{"Type":"AWS::SQS::Queue"}}}',
        Capabilities: ['CAPABILITY_AUTO_EXPAND'],
      },
      'macros or transforms',
    ],
    ['as a delegated administrator', { CallAs: 'DELEGATED_ADMIN' }, 'has no delegated administrators'],
  ])('%s it is refused', async (_, more, message, account = HUB) => {
    const input = {
      StackSetName: 'refused',
      TemplateBody: template(),
      PermissionModel: 'SERVICE_MANAGED' as const,
      ...more,
    }
    await expect(
      test.client(CloudFormationClient, { account }).send(new CreateStackSetCommand(input)),
    ).rejects.toThrow(message)
  })
})

it('a stack deploys a set of its own, group by group', async () => {
  const stack = (Regions: string[], Word: string) =>
    JSON.stringify({
      Resources: {
        Set: {
          Type: 'AWS::CloudFormation::StackSet',
          Properties: {
            StackSetName: 'owned',
            PermissionModel: 'SELF_MANAGED',
            TemplateBody: template('owned'),
            Parameters: [{ ParameterKey: 'Word', ParameterValue: Word }],
            StackInstancesGroup: [{ DeploymentTargets: { Accounts: [DEV] }, Regions }],
          },
        },
      },
      Outputs: { Id: { Value: { Ref: 'Set' } } },
    })
  const stacks = driveStacks(test)
  const made = await stacks.create('owner', JSON.parse(stack(['us-east-1'], 'a')))
  expect(made.StackStatus).toBe('CREATE_COMPLETE')
  expect(made.Outputs?.[0]?.OutputValue).toMatch(/^owned:/)
  expect(await valueIn(DEV, 'us-east-1', 'owned')).toBe('a')
  const changed = await stacks.update('owner', JSON.parse(stack(['eu-west-1'], 'b')))
  expect(changed.StackStatus).toBe('UPDATE_COMPLETE')
  expect(await instances('owned')).toEqual([`${DEV} eu-west-1 CURRENT`])
  expect(await valueIn(DEV, 'eu-west-1', 'owned')).toBe('b')
  await stacks.remove('owner')
  await test.cloud.settled()
  await expect(cfn.send(new DescribeStackSetCommand({ StackSetName: 'owned' }))).rejects.toMatchObject({
    name: 'StackSetNotFoundException',
  })
  await expect(
    test
      .client(CloudFormationClient, { account: DEV, region: 'eu-west-1' })
      .send(new DescribeStacksCommand({})),
  ).resolves.toMatchObject({
    Stacks: expect.not.arrayContaining([
      expect.objectContaining({ StackName: expect.stringContaining('owned') }),
    ]),
  })
})
