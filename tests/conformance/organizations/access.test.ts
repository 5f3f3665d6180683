/** Who of the management account may do what: actions on ARNs, types and tags, as its own policies allow. */
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import {
  AttachPolicyCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  DescribeOrganizationCommand,
  DetachPolicyCommand,
  EnablePolicyTypeCommand,
  ListAccountsCommand,
  ListPoliciesForTargetCommand,
  MoveAccountCommand,
  OrganizationsClient,
  TagResourceCommand,
} from '@aws-sdk/client-organizations'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { document, guard, ORGANIZATION, organizations, ROOT } from './guardrails.ts'

const test = await startTestCloud()
const owner = organizations(test)
const arn = (rest: string) => `arn:aws:organizations::${HUB}:${rest}`

const may = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
})

/** Gives a client of a new user with these permissions. */
async function user(
  account: string,
  UserName: string,
  ...statements: object[]
): Promise<OrganizationsClient> {
  const iam = test.client(IAMClient, { account })
  await iam.send(new CreateUserCommand({ UserName }))
  const PolicyDocument = document(...statements)
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  return test.client(OrganizationsClient, { credentials })
}

let scp: string
let rcp: string
beforeAll(async () => {
  await owner.send(new EnablePolicyTypeCommand({ RootId: ROOT, PolicyType: 'RESOURCE_CONTROL_POLICY' }))
  const deny = { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' }
  scp = await guard(owner, undefined, 'SERVICE_CONTROL_POLICY', deny)
  rcp = await guard(owner, undefined, 'RESOURCE_CONTROL_POLICY', { ...deny, Principal: '*' })
})

describe('permissions', () => {
  it('are needed in the management account, and say what is missing', async () => {
    const nobody = await user(HUB, 'nobody', may('sts:GetCallerIdentity'))
    await expect(nobody.send(new ListAccountsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::${HUB}:user/nobody is not authorized to perform: organizations:ListAccounts on resource: * because no identity-based policy allows the organizations:ListAccounts action`,
    })
  })

  it('are needed in a member account as well, and then not enough but for DescribeOrganization', async () => {
    const nobody = await user(DEV, 'nobody', may('sts:GetCallerIdentity'))
    await expect(nobody.send(new DescribeOrganizationCommand({}))).rejects.toThrow(/no identity-based policy/)
    const somebody = await user(DEV, 'somebody', may('organizations:*'))
    await somebody.send(new DescribeOrganizationCommand({}))
    await expect(somebody.send(new ListAccountsCommand({}))).rejects.toThrow(
      "You don't have permissions to access this resource.",
    )
  })

  it('to attach are asked of the policy and of the target', async () => {
    const policy = arn(`policy/${ORGANIZATION}/service_control_policy/${scp}`)
    const account = arn(`account/${ORGANIZATION}/${DEV}`)
    const change = ['organizations:AttachPolicy', 'organizations:DetachPolicy']
    const attach = (client: OrganizationsClient, TargetId = DEV) =>
      client.send(new AttachPolicyCommand({ PolicyId: scp, TargetId }))
    await expect(attach(await user(HUB, 'half', may(change, policy)))).rejects.toThrow(account)
    const whole = await user(HUB, 'whole', may(change, [policy, account]))
    await attach(whole)
    await whole.send(new DetachPolicyCommand({ PolicyId: scp, TargetId: DEV }))
    await expect(attach(whole, ROOT)).rejects.toThrow(arn(`root/${ORGANIZATION}/${ROOT}`))
  })

  it('can be for one policy type', async () => {
    const Condition = { StringEquals: { 'organizations:PolicyType': 'RESOURCE_CONTROL_POLICY' } }
    const client = await user(HUB, 'rcp-only', may('organizations:*', '*', { Condition }))
    const list = (Filter: 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY') =>
      client.send(new ListPoliciesForTargetCommand({ TargetId: DEV, Filter }))
    await list('RESOURCE_CONTROL_POLICY')
    await expect(list('SERVICE_CONTROL_POLICY')).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await client.send(new AttachPolicyCommand({ PolicyId: rcp, TargetId: DEV }))
    await client.send(new DetachPolicyCommand({ PolicyId: rcp, TargetId: DEV }))
    await expect(
      client.send(new AttachPolicyCommand({ PolicyId: scp, TargetId: DEV })),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' })
  })

  it('to move an account are asked of it and of both parents', async () => {
    const { OrganizationalUnit } = await owner.send(
      new CreateOrganizationalUnitCommand({ ParentId: ROOT, Name: 'Target' }),
    )
    const unit = OrganizationalUnit!.Id!
    const move = { AccountId: DEV, SourceParentId: ROOT, DestinationParentId: unit }
    const parts = [
      arn(`account/${ORGANIZATION}/${DEV}`),
      arn(`root/${ORGANIZATION}/${ROOT}`),
      arn(`ou/${ORGANIZATION}/${unit}`),
    ]
    for (const missing of parts) {
      const given = parts.filter((part) => part !== missing)
      const client = await user(HUB, `without-${parts.indexOf(missing)}`, may('organizations:*', given))
      await expect(client.send(new MoveAccountCommand(move))).rejects.toThrow(missing)
    }
    const client = await user(HUB, 'mover', may('organizations:MoveAccount', parts))
    await client.send(new MoveAccountCommand(move))
  })

  it('see tags, and tags of what is created take one of their own', async () => {
    const Tags = [{ Key: 'team', Value: 'orders' }]
    await owner.send(new TagResourceCommand({ ResourceId: scp, Tags }))
    const Condition = { StringEquals: { 'aws:ResourceTag/team': 'orders' } }
    const tagged = await user(HUB, 'tagged', may('organizations:TagResource', '*', { Condition }))
    await tagged.send(new TagResourceCommand({ ResourceId: scp, Tags }))
    await expect(tagged.send(new TagResourceCommand({ ResourceId: rcp, Tags }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
    const create = (client: OrganizationsClient, Name: string) =>
      client.send(
        new CreatePolicyCommand({
          Name,
          Description: '',
          Type: 'SERVICE_CONTROL_POLICY',
          Content: document({ Effect: 'Deny', Action: 's3:*', Resource: '*' }),
          Tags,
        }),
      )
    const creator = await user(HUB, 'creator', may('organizations:CreatePolicy'))
    await expect(create(creator, 'one')).rejects.toThrow(/organizations:TagResource/)
    const both = may(['organizations:CreatePolicy', 'organizations:TagResource'])
    await create(await user(HUB, 'tagging-creator', both), 'two')
  })
})
