/** Policies through the SDK client: their documents, where they are attached, and every limit. */
import {
  AttachPolicyCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DescribePolicyCommand,
  DetachPolicyCommand,
  DisablePolicyTypeCommand,
  EnablePolicyTypeCommand,
  ListPoliciesCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  ListTargetsForPolicyCommand,
  type PolicyType,
  TagResourceCommand,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { document, guard, ORGANIZATION, organizations, ROOT } from './guardrails.ts'

const test = await startTestCloud({ accounts: [HUB, DEV, '333333333333', '444444444444'] })
const client = organizations(test)
const SCP = 'SERVICE_CONTROL_POLICY'
const RCP = 'RESOURCE_CONTROL_POLICY'
const deny = { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' }

const create = (Content: string, Type: PolicyType = SCP, Name = `p${Math.random()}`) =>
  client.send(new CreatePolicyCommand({ Name, Description: 'd', Type, Content }))
const attach = (PolicyId: string, TargetId: string) =>
  client.send(new AttachPolicyCommand({ PolicyId, TargetId }))
const detach = (PolicyId: string, TargetId: string) =>
  client.send(new DetachPolicyCommand({ PolicyId, TargetId }))
const onTarget = async (TargetId: string, Filter: PolicyType = SCP) =>
  (await client.send(new ListPoliciesForTargetCommand({ TargetId, Filter }))).Policies?.map((one) => one.Id)

beforeAll(async () => {
  await client.send(new EnablePolicyTypeCommand({ RootId: ROOT, PolicyType: RCP }))
})

describe('policies', () => {
  it('are created, changed, described, listed and deleted', async () => {
    const { Policy } = await create(document(deny), SCP, 'NoPut')
    const { Id } = Policy!.PolicySummary!
    expect(Policy).toEqual({
      PolicySummary: {
        Id: expect.stringMatching(/^p-[a-z0-9]{8}$/),
        Arn: `arn:aws:organizations::${HUB}:policy/${ORGANIZATION}/service_control_policy/${Id}`,
        Name: 'NoPut',
        Description: 'd',
        Type: SCP,
        AwsManaged: false,
      },
      Content: document(deny),
    })
    await expect(create(document(deny), SCP, 'NoPut')).rejects.toMatchObject({
      name: 'DuplicatePolicyException',
    })
    await client.send(new UpdatePolicyCommand({ PolicyId: Id, Name: 'NoPutting' }))
    const described = await client.send(new DescribePolicyCommand({ PolicyId: Id }))
    expect(described.Policy).toMatchObject({ PolicySummary: { Name: 'NoPutting' }, Content: document(deny) })
    const { Policies } = await client.send(new ListPoliciesCommand({ Filter: SCP }))
    expect(Policies?.map((one) => one.Name)).toEqual(['FullAWSAccess', 'NoPutting'])
    await attach(Id!, DEV)
    await expect(client.send(new DeletePolicyCommand({ PolicyId: Id }))).rejects.toMatchObject({
      name: 'PolicyInUseException',
    })
    await detach(Id!, DEV)
    await client.send(new DeletePolicyCommand({ PolicyId: Id }))
    await expect(client.send(new DescribePolicyCommand({ PolicyId: Id }))).rejects.toMatchObject({
      name: 'PolicyNotFoundException',
      message: "You specified a policy that doesn't exist.",
    })
  })

  it("of AWS stand everywhere and don't change", async () => {
    const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: 'p-FullAWSAccess' }))
    expect(Policy?.PolicySummary).toMatchObject({
      Arn: 'arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess',
      AwsManaged: true,
    })
    expect(JSON.parse(Policy!.Content!)).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    })
    for (const target of [ROOT, HUB, DEV]) {
      expect(await onTarget(target)).toEqual(['p-FullAWSAccess'])
      expect(await onTarget(target, RCP)).toEqual(['p-RCPFullAWSAccess'])
    }
    for (const PolicyId of ['p-FullAWSAccess', 'p-RCPFullAWSAccess']) {
      const immutable = { name: 'InvalidInputException', Reason: 'IMMUTABLE_POLICY' }
      await expect(client.send(new DeletePolicyCommand({ PolicyId }))).rejects.toMatchObject(immutable)
      await expect(
        client.send(new UpdatePolicyCommand({ PolicyId, Content: document(deny) })),
      ).rejects.toMatchObject(immutable)
    }
    await expect(detach('p-RCPFullAWSAccess', DEV)).rejects.toMatchObject({
      name: 'InvalidInputException',
      Reason: 'NON_DETACHABLE_POLICY',
    })
  })

  it('of other types are refused by name', async () => {
    await expect(create('{}', 'TAG_POLICY')).rejects.toMatchObject({
      name: 'UnsupportedPolicyType',
      message: expect.stringMatching(/TAG_POLICY/),
    })
    await expect(client.send(new ListPoliciesCommand({ Filter: 'BACKUP_POLICY' }))).rejects.toThrow(
      /BACKUP_POLICY/,
    )
  })

  it('carry tags', async () => {
    const PolicyId = await guard(client, undefined, SCP, deny)
    await client.send(new TagResourceCommand({ ResourceId: PolicyId, Tags: [{ Key: 'a', Value: 'b' }] }))
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceId: PolicyId }))
    expect(Tags).toEqual([{ Key: 'a', Value: 'b' }])
  })
})

describe('documents', () => {
  const rcp = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }

  it.each([
    ['no JSON', SCP, '{', /not JSON/],
    ['no version', SCP, JSON.stringify({ Statement: deny }), /version 2012-10-17/],
    ['no statement', SCP, document(), /at least one statement/],
    ['a principal', SCP, document({ ...deny, Principal: '*' }), /should not specify a principal/],
    ['no resource', SCP, document({ Effect: 'Deny', Action: '*' }), /neither Resource nor NotResource/],
    ['an RCP that allows', RCP, document({ ...rcp, Effect: 'Allow' }), /can only deny/],
    ['an RCP for one account', RCP, document({ ...rcp, Principal: { AWS: DEV } }), /must be "\*"/],
    ['an RCP for everyone but one', RCP, document(withNotPrincipal(rcp)), /must be "\*"/],
    ['an RCP for all services', RCP, document({ ...rcp, Action: '*' }), /"\*" names no service/],
    ['an RCP for a service without', RCP, document({ ...rcp, Action: ['s3:*', 'ec2:*'] }), /"ec2:\*"/],
    ['an RCP with NotAction', RCP, document(withNotAction(rcp)), /cannot have NotAction/],
  ] as [string, PolicyType, string, RegExp][])('with %s are malformed', async (_title, type, text, why) => {
    const refused = await create(text, type).catch((error: Error) => error)
    expect(refused).toMatchObject({ name: 'MalformedPolicyDocumentException' })
    expect((refused as Error).message).toMatch(
      /^The provided policy document does not meet the requirements of the specified policy type\./,
    )
    expect((refused as Error).message).toMatch(why)
  })

  it('may use what IAM policies may', async () => {
    const Condition = { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }
    await create(document({ Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn:aws:s3:::b', Condition }))
    await create(document({ ...rcp, Resource: undefined, NotResource: 'arn:aws:s3:::b/*', Condition }), RCP)
  })

  it('have a size', async () => {
    const padded = (size: number, type: PolicyType) => {
      const text = document(type === SCP ? deny : rcp)
      return text + ' '.repeat(size - text.length)
    }
    await create(padded(10_240, SCP))
    await create(padded(5_120, RCP), RCP)
    for (const [size, type] of [
      [10_241, SCP],
      [5_121, RCP],
    ] as const)
      await expect(create(padded(size, type), type)).rejects.toMatchObject({
        name: 'ConstraintViolationException',
        Reason: 'POLICY_CONTENT_LIMIT_EXCEEDED',
        message: 'You have exceeded the maximum policy size.',
      })
  })
})

function withNotPrincipal({ Principal: _, ...rest }: { Principal: string }): object {
  return { ...rest, NotPrincipal: { AWS: DEV } }
}

function withNotAction({ Action, ...rest }: { Action: string }): object {
  return { ...rest, NotAction: Action }
}

describe('attachments', () => {
  it('are listed from both sides', async () => {
    const PolicyId = await guard(client, DEV, SCP, deny)
    const { OrganizationalUnit } = await client.send(
      new CreateOrganizationalUnitCommand({ ParentId: ROOT, Name: 'Guarded' }),
    )
    const unit = OrganizationalUnit!.Id!
    expect(await onTarget(unit)).toEqual(['p-FullAWSAccess'])
    await attach(PolicyId, unit)
    await attach(PolicyId, ROOT)
    const { Targets } = await client.send(new ListTargetsForPolicyCommand({ PolicyId }))
    expect(Targets).toEqual([
      {
        TargetId: ROOT,
        Arn: `arn:aws:organizations::${HUB}:root/${ORGANIZATION}/${ROOT}`,
        Name: 'Root',
        Type: 'ROOT',
      },
      expect.objectContaining({ TargetId: unit, Name: 'Guarded', Type: 'ORGANIZATIONAL_UNIT' }),
      expect.objectContaining({ TargetId: DEV, Type: 'ACCOUNT' }),
    ])
    await expect(attach(PolicyId, DEV)).rejects.toMatchObject({ name: 'DuplicatePolicyAttachmentException' })
    for (const target of [DEV, unit, ROOT]) await detach(PolicyId, target)
    await expect(detach(PolicyId, DEV)).rejects.toMatchObject({ name: 'PolicyNotAttachedException' })
    await expect(attach(PolicyId, '999999999999')).rejects.toMatchObject({
      name: 'TargetNotFoundException',
      message: "You specified a target that doesn't exist.",
    })
    await expect(attach('p-absent00', DEV)).rejects.toMatchObject({ name: 'PolicyNotFoundException' })
  })

  it('never leave a target without a service control policy', async () => {
    await expect(detach('p-FullAWSAccess', DEV)).rejects.toMatchObject({
      name: 'ConstraintViolationException',
      Reason: 'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      message:
        'You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.',
    })
    const other = await guard(client, DEV, SCP, { Effect: 'Allow', Action: '*', Resource: '*' })
    await detach('p-FullAWSAccess', DEV)
    expect(await onTarget(DEV)).toEqual([other])
    await expect(detach(other, DEV)).rejects.toMatchObject({ name: 'ConstraintViolationException' })
    await attach('p-FullAWSAccess', DEV)
    await detach(other, DEV)
  })

  it.each([
    [SCP, 10],
    [RCP, 5],
  ] as const)('of %s are at most %i a target', async (type, most) => {
    const statement = type === RCP ? { ...deny, Principal: '*' } : deny
    for (let count = 1; count < most; count++) await guard(client, '333333333333', type, statement)
    expect(await onTarget('333333333333', type)).toHaveLength(most)
    await expect(guard(client, '333333333333', type, statement)).rejects.toMatchObject({
      name: 'ConstraintViolationException',
      Reason: 'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    })
  })
})

describe('policy types', () => {
  it('take their attachments with them when they are disabled', async () => {
    const change = (enabled: boolean, PolicyType: PolicyType, RootId = ROOT) =>
      client.send(
        enabled
          ? new EnablePolicyTypeCommand({ RootId, PolicyType })
          : new DisablePolicyTypeCommand({ RootId, PolicyType }),
      )
    const PolicyId = await guard(client, '444444444444', SCP, deny)
    const { Root } = await change(false, SCP)
    expect(Root?.PolicyTypes).toEqual([{ Type: RCP, Status: 'ENABLED' }])
    expect(await onTarget('444444444444')).toEqual([])
    await expect(attach(PolicyId, DEV)).rejects.toMatchObject({ name: 'PolicyTypeNotEnabledException' })
    await expect(change(false, SCP)).rejects.toMatchObject({ name: 'PolicyTypeNotEnabledException' })
    await change(true, SCP)
    await expect(change(true, SCP)).rejects.toMatchObject({ name: 'PolicyTypeAlreadyEnabledException' })
    expect(await onTarget('444444444444')).toEqual(['p-FullAWSAccess'])
    await expect(change(true, RCP, 'r-none')).rejects.toMatchObject({ name: 'RootNotFoundException' })
    await expect(change(true, 'S3_POLICY')).rejects.toMatchObject({ name: 'UnsupportedPolicyType' })
    const { Roots } = await client.send(new ListRootsCommand({}))
    expect(Roots?.[0]?.PolicyTypes?.map((one) => one.Type).sort()).toEqual([RCP, SCP])
  })
})
