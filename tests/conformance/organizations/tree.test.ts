/** The organization's tree through the SDK client: its accounts and units, who may look, and what it refuses. */
import {
  AcceptHandshakeCommand,
  CreateOrganizationalUnitCommand,
  DeleteOrganizationalUnitCommand,
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListChildrenCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  MoveAccountCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateOrganizationalUnitCommand,
} from '@aws-sdk/client-organizations'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { ORGANIZATION, organizations, ROOT } from './guardrails.ts'

const OTHERS = Array.from({ length: 21 }, (_, index) => String(300_000_000_000 + index))
const test = await startTestCloud({ accounts: [HUB, DEV, ...OTHERS] })
const client = organizations(test)

const createUnit = async (ParentId: string, Name: string): Promise<string> => {
  const command = new CreateOrganizationalUnitCommand({ ParentId, Name })
  return (await client.send(command)).OrganizationalUnit!.Id!
}
const move = (AccountId: string, SourceParentId: string, DestinationParentId: string) =>
  client.send(new MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId }))

describe('the organization', () => {
  it('is there from the start, the first account managing it, for every member to see', async () => {
    const { Organization } = await organizations(test, DEV).send(new DescribeOrganizationCommand({}))
    expect(Organization).toEqual({
      Id: ORGANIZATION,
      Arn: `arn:aws:organizations::${HUB}:organization/${ORGANIZATION}`,
      FeatureSet: 'ALL',
      MasterAccountId: HUB,
      MasterAccountArn: `arn:aws:organizations::${HUB}:account/${ORGANIZATION}/${HUB}`,
      MasterAccountEmail: expect.stringMatching(/@/),
      AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
    })
    const { Roots } = await client.send(new ListRootsCommand({}))
    expect(Roots).toEqual([
      {
        Id: ROOT,
        Arn: `arn:aws:organizations::${HUB}:root/${ORGANIZATION}/${ROOT}`,
        Name: 'Root',
        PolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
      },
    ])
  })

  it('lists its accounts in pages', async () => {
    const first = await client.send(new ListAccountsCommand({}))
    expect(first.Accounts).toHaveLength(20)
    const second = await client.send(new ListAccountsCommand({ NextToken: first.NextToken }))
    expect([...first.Accounts!, ...second.Accounts!].map((one) => one.Id)).toEqual([HUB, DEV, ...OTHERS])
    expect(second.NextToken).toBeUndefined()
    await expect(client.send(new ListAccountsCommand({ NextToken: 'made-up' }))).rejects.toMatchObject({
      name: 'InvalidInputException',
      Reason: 'INVALID_NEXT_TOKEN',
    })
    await expect(client.send(new ListAccountsCommand({ MaxResults: 21 }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    })
  })

  it('is closed to its members but for DescribeOrganization', async () => {
    const member = organizations(test, DEV)
    const refused = {
      name: 'AccessDeniedException',
      message: "You don't have permissions to access this resource.",
    }
    await expect(member.send(new ListAccountsCommand({}))).rejects.toMatchObject(refused)
    await expect(member.send(new ListParentsCommand({ ChildId: DEV }))).rejects.toMatchObject(refused)
    await expect(
      member.send(new CreateOrganizationalUnitCommand({ ParentId: ROOT, Name: 'mine' })),
    ).rejects.toMatchObject(refused)
  })

  it('refuses by name what it does not have', async () => {
    await expect(
      client.send(new AcceptHandshakeCommand({ HandshakeId: 'h-12345678' })),
    ).rejects.toMatchObject({
      name: 'UnsupportedOperation',
      message: expect.stringMatching(/AcceptHandshake/),
    })
  })
})

describe('units', () => {
  it('are created, renamed, described, listed and deleted', async () => {
    const id = await createUnit(ROOT, 'Workloads')
    expect(id).toMatch(/^ou-dock-[a-z0-9]{8}$/)
    await expect(createUnit(ROOT, 'Workloads')).rejects.toMatchObject({
      name: 'DuplicateOrganizationalUnitException',
    })
    const inner = await createUnit(id, 'Workloads')
    await client.send(new UpdateOrganizationalUnitCommand({ OrganizationalUnitId: inner, Name: 'Prod' }))
    const { OrganizationalUnit } = await client.send(
      new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: inner }),
    )
    expect(OrganizationalUnit).toEqual({
      Id: inner,
      Arn: `arn:aws:organizations::${HUB}:ou/${ORGANIZATION}/${inner}`,
      Name: 'Prod',
      Path: `${ORGANIZATION}/${ROOT}/${id}/${inner}/`,
    })
    const { OrganizationalUnits } = await client.send(
      new ListOrganizationalUnitsForParentCommand({ ParentId: id }),
    )
    expect(OrganizationalUnits?.map((one) => one.Name)).toEqual(['Prod'])
    expect((await client.send(new ListParentsCommand({ ChildId: inner }))).Parents).toEqual([
      { Id: id, Type: 'ORGANIZATIONAL_UNIT' },
    ])
    const remove = (OrganizationalUnitId: string) =>
      client.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId }))
    await expect(remove(id)).rejects.toMatchObject({ name: 'OrganizationalUnitNotEmptyException' })
    await remove(inner)
    await remove(id)
    await expect(remove(id)).rejects.toMatchObject({ name: 'OrganizationalUnitNotFoundException' })
  })

  it('nest five deep', async () => {
    let parent = ROOT
    for (const name of ['a', 'b', 'c', 'd', 'e']) parent = await createUnit(parent, name)
    await expect(createUnit(parent, 'f')).rejects.toMatchObject({
      name: 'ConstraintViolationException',
      Reason: 'OU_DEPTH_LIMIT_EXCEEDED',
    })
    await expect(createUnit('ou-dock-aaaaaaaa', 'g')).rejects.toMatchObject({
      name: 'ParentNotFoundException',
      message: "You specified a parent that doesn't exist.",
    })
  })

  it('take ids of the right form only', async () => {
    await expect(createUnit('root', 'x')).rejects.toMatchObject({ name: 'InvalidInputException' })
  })
})

describe('accounts', () => {
  it('move from parent to parent', async () => {
    const unit = await createUnit(ROOT, 'Movers')
    const [account = ''] = OTHERS
    await expect(move(account, unit, ROOT)).rejects.toMatchObject({ name: 'DuplicateAccountException' })
    await move(account, ROOT, unit)
    await expect(move(account, ROOT, unit)).rejects.toMatchObject({ name: 'DuplicateAccountException' })
    await expect(move(account, 'ou-dock-aaaaaaaa', ROOT)).rejects.toMatchObject({
      name: 'SourceParentNotFoundException',
    })
    await expect(move(account, unit, 'ou-dock-aaaaaaaa')).rejects.toMatchObject({
      name: 'DestinationParentNotFoundException',
    })
    await expect(move('999999999999', ROOT, unit)).rejects.toMatchObject({
      name: 'AccountNotFoundException',
      message: "You specified an account that doesn't exist.",
    })
    const { Accounts } = await client.send(new ListAccountsForParentCommand({ ParentId: unit }))
    expect(Accounts).toEqual([
      expect.objectContaining({
        Id: account,
        Arn: `arn:aws:organizations::${HUB}:account/${ORGANIZATION}/${account}`,
        Status: 'ACTIVE',
        JoinedMethod: 'CREATED',
        Paths: [`${ORGANIZATION}/${ROOT}/${unit}/${account}/`],
      }),
    ])
    const children = async (ParentId: string) => {
      const { Children } = await client.send(new ListChildrenCommand({ ParentId, ChildType: 'ACCOUNT' }))
      return Children?.map((one) => one.Id)
    }
    expect(await children(unit)).toEqual([account])
    expect(await children(ROOT)).not.toContain(account)
    const { Account } = await client.send(new DescribeAccountCommand({ AccountId: HUB }))
    expect(Account).toMatchObject({ Id: HUB, JoinedMethod: 'INVITED', JoinedTimestamp: expect.any(Date) })
  })

  it('have no parent where there is no account', async () => {
    await expect(client.send(new ListParentsCommand({ ChildId: '999999999999' }))).rejects.toMatchObject({
      name: 'ChildNotFoundException',
      message: "You specified a child that doesn't exist.",
    })
    await expect(
      client.send(new ListChildrenCommand({ ParentId: 'r-none', ChildType: 'ACCOUNT' })),
    ).rejects.toMatchObject({ name: 'ParentNotFoundException' })
  })
})

describe('tags', () => {
  it('stand on the root, units and accounts', async () => {
    const { OrganizationalUnit } = await client.send(
      new CreateOrganizationalUnitCommand({
        ParentId: ROOT,
        Name: 'Tagged',
        Tags: [{ Key: 'team', Value: 'orders' }],
      }),
    )
    for (const ResourceId of [ROOT, OrganizationalUnit!.Id!, DEV])
      await client.send(new TagResourceCommand({ ResourceId, Tags: [{ Key: 'stage', Value: 'all' }] }))
    await client.send(new UntagResourceCommand({ ResourceId: DEV, TagKeys: ['stage'] }))
    const tagsOf = async (ResourceId: string) =>
      (await client.send(new ListTagsForResourceCommand({ ResourceId }))).Tags
    expect(await tagsOf(OrganizationalUnit!.Id!)).toEqual([
      { Key: 'team', Value: 'orders' },
      { Key: 'stage', Value: 'all' },
    ])
    expect(await tagsOf(DEV)).toEqual([])
    await expect(tagsOf('ou-dock-aaaaaaaa')).rejects.toMatchObject({ name: 'TargetNotFoundException' })
    const twice = [
      { Key: 'a', Value: '1' },
      { Key: 'a', Value: '2' },
    ]
    await expect(
      client.send(new TagResourceCommand({ ResourceId: ROOT, Tags: twice })),
    ).rejects.toMatchObject({ name: 'InvalidInputException', Reason: 'DUPLICATE_TAG_KEY' })
    await expect(
      client.send(new TagResourceCommand({ ResourceId: ROOT, Tags: [{ Key: 'aws:x', Value: '1' }] })),
    ).rejects.toMatchObject({ Reason: 'INVALID_SYSTEM_TAGS_PARAMETER' })
  })
})

describe('without a list of accounts', () => {
  it('every number is a member, and is listed once it was used', async () => {
    const open = await startTestCloud()
    const owner = organizations(open)
    const listed = async () => (await owner.send(new ListAccountsCommand({}))).Accounts?.map((one) => one.Id)
    expect(await listed()).toEqual([HUB])
    await open.client(STSClient, { account: '555555555555' }).send(new GetCallerIdentityCommand({}))
    expect(await listed()).toEqual([HUB, '555555555555'])
    const { Parents } = await owner.send(new ListParentsCommand({ ChildId: '666666666666' }))
    expect(Parents).toEqual([{ Id: ROOT, Type: 'ROOT' }])
  })

  it('or of no organization at all, there is none', async () => {
    const alone = await startTestCloud({ organization: false })
    await expect(organizations(alone).send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
      name: 'AWSOrganizationsNotInUseException',
      message: 'Your account is not a member of an organization.',
    })
  })

  it('another account may manage it, of those that exist', async () => {
    const other = await startTestCloud({ accounts: [HUB, DEV], managementAccount: DEV })
    await organizations(other, DEV).send(new ListAccountsCommand({}))
    await expect(organizations(other).send(new ListAccountsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
    await expect(startTestCloud({ accounts: [HUB], managementAccount: DEV })).rejects.toThrow(
      /management account 222222222222 is none of the accounts/,
    )
  })
})
