import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  PutRolePolicyCommand,
  SetDefaultPolicyVersionCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'

const { client } = await startTestCloud()
const iam = client(IAMClient)

const may = (Action: string, Condition?: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*', Condition }],
  })
const AssumeRolePolicyDocument = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: HUB }, Action: 'sts:AssumeRole' }],
})
const create = async (PolicyName: string, PolicyDocument = may('s3:*'), extra: object = {}) =>
  (await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument, ...extra }))).Policy!.Arn!

describe('managed policies', () => {
  it('have versions, of which one is in force', async () => {
    const PolicyArn = await create('versions', may('s3:*'), { Path: '/p/', Description: 'd' })
    expect(PolicyArn).toBe(`arn:aws:iam::${HUB}:policy/p/versions`)
    const add = (action: string, SetAsDefault = false) =>
      iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: may(action), SetAsDefault }))
    expect((await add('sqs:*')).PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: false })
    await add('sns:*', true)
    await add('a:*')
    await add('b:*')
    await expect(add('c:*')).rejects.toMatchObject({ name: 'LimitExceededException' })
    expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy).toMatchObject({
      DefaultVersionId: 'v3',
      Description: 'd',
      AttachmentCount: 0,
    })
    await expect(
      iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v3' })),
    ).rejects.toMatchObject({ name: 'DeleteConflictException' })
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toThrow(/more than one version/)
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))
    for (const VersionId of ['v2', 'v3', 'v4', 'v5'])
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))
    expect((await add('d:*')).PolicyVersion?.VersionId).toBe('v6')
    await expect(iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))).rejects.toMatchObject(
      { name: 'NoSuchEntityException' },
    )
  })

  it('cannot be deleted while attached, made twice, or reached from another account', async () => {
    const PolicyArn = await create('attached')
    await expect(create('Attached')).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'A policy called Attached already exists. Duplicate names are not allowed.',
    })
    await iam.send(new CreateRoleCommand({ RoleName: 'holder', AssumeRolePolicyDocument }))
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'holder', PolicyArn }))
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toThrow(
      'Cannot delete a policy attached to entities.',
    )
    const { PolicyRoles } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }))
    expect(PolicyRoles?.map((one) => one.RoleName)).toEqual(['holder'])
    const abroad = client(IAMClient, { account: DEV })
    await expect(abroad.send(new GetPolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    })
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'holder', PolicyArn }))
    await iam.send(new DeletePolicyCommand({ PolicyArn }))
  })

  it('of AWS are there with their documents, and belong to nobody', async () => {
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }))
    const { PolicyVersion } = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy!.DefaultVersionId! }),
    )
    expect(JSON.parse(decodeURIComponent(PolicyVersion!.Document!))).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    })
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'AccessDenied',
    })
    const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'AWS', MaxItems: 1000 }))
    expect(Policies?.length).toBeGreaterThan(50)
    const local = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))
    expect(local.Policies?.every((one) => one.Arn?.includes(HUB))).toBe(true)
  })
})

describe('simulation', () => {
  it('tells what a role may do and which policy says so', async () => {
    const RoleName = 'simulated'
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
    const PolicyDocument = may('s3:GetObject', { StringEquals: { 'aws:SourceAccount': HUB } })
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'inline', PolicyDocument }))
    const simulate = async (ContextEntries?: object[]) =>
      (
        await iam.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: Role!.Arn!,
            ActionNames: ['s3:GetObject', 's3:PutObject'],
            ContextEntries,
          }),
        )
      ).EvaluationResults
    expect(await simulate()).toMatchObject([
      { EvalDecision: 'implicitDeny', MissingContextValues: ['aws:SourceAccount'] },
      { EvalDecision: 'implicitDeny' },
    ])
    const entry = { ContextKeyName: 'aws:SourceAccount', ContextKeyValues: [HUB], ContextKeyType: 'string' }
    expect(await simulate([entry])).toMatchObject([
      {
        EvalActionName: 's3:GetObject',
        EvalDecision: 'allowed',
        MatchedStatements: [{ SourcePolicyId: 'inline', SourcePolicyType: 'role' }],
      },
      { EvalActionName: 's3:PutObject', EvalDecision: 'implicitDeny' },
    ])
    await expect(
      iam.send(
        new SimulatePrincipalPolicyCommand({ PolicySourceArn: `${Role!.Arn}x`, ActionNames: ['s3:*'] }),
      ),
    ).rejects.toMatchObject({ name: 'NoSuchEntityException' })
    const custom = await iam.send(
      new SimulateCustomPolicyCommand({ PolicyInputList: [may('sqs:*')], ActionNames: ['sqs:SendMessage'] }),
    )
    expect(custom.EvaluationResults?.[0]?.EvalDecision).toBe('allowed')
  })

  it('is not needed to read a whole account', async () => {
    const details = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'] }))
    const simulated = details.RoleDetailList?.find((one) => one.RoleName === 'simulated')
    expect(decodeURIComponent(simulated!.RolePolicyList![0]!.PolicyDocument!)).toContain('s3:GetObject')
    expect(details.UserDetailList).toEqual([])
  })
})
