/** Connections under both of the service's names: made, listed, tagged, deleted, and in stacks. */
import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import {
  CodeStarConnectionsClient,
  CreateConnectionCommand,
  DeleteConnectionCommand,
  GetConnectionCommand,
  ListConnectionsCommand,
  type ListConnectionsCommandOutput,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-codestar-connections'
import { describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'

const test = await startTestCloud()
const connections = test.client(CodeStarConnectionsClient)
const ProviderType = 'GitHub'

describe('a connection', () => {
  it('is PENDING when it is made, and AVAILABLE soon after', async () => {
    const made = await connections.send(
      new CreateConnectionCommand({ ConnectionName: 'own', ProviderType, Tags: [{ Key: 'a', Value: 'b' }] }),
    )
    expect(made.ConnectionArn).toMatch(
      new RegExp(`^arn:aws:codestar-connections:us-east-1:${HUB}:connection/[0-9a-f-]{36}$`),
    )
    expect(made.Tags).toEqual([{ Key: 'a', Value: 'b' }])
    await test.cloud.settled()
    const { Connection } = await connections.send(
      new GetConnectionCommand({ ConnectionArn: made.ConnectionArn }),
    )
    expect(Connection).toEqual({
      ConnectionName: 'own',
      ConnectionArn: made.ConnectionArn,
      ProviderType,
      OwnerAccountId: HUB,
      ConnectionStatus: 'AVAILABLE',
    })
  })

  it('that is deleted is gone', async () => {
    const { ConnectionArn } = await connections.send(
      new CreateConnectionCommand({ ConnectionName: 'short', ProviderType }),
    )
    await connections.send(new DeleteConnectionCommand({ ConnectionArn }))
    await expect(connections.send(new GetConnectionCommand({ ConnectionArn }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })

  it('is tagged and untagged', async () => {
    const { ConnectionArn: ResourceArn } = await connections.send(
      new CreateConnectionCommand({ ConnectionName: 'tagged', ProviderType }),
    )
    const Tags = [
      { Key: 'one', Value: '1' },
      { Key: 'two', Value: '2' },
    ]
    await connections.send(new TagResourceCommand({ ResourceArn, Tags }))
    await connections.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['one'] }))
    const found = await connections.send(new ListTagsForResourceCommand({ ResourceArn }))
    expect(found.Tags).toEqual([{ Key: 'two', Value: '2' }])
    await expect(
      connections.send(new ListTagsForResourceCommand({ ResourceArn: `${ResourceArn}0` })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('of another account is not found', async () => {
    const { ConnectionArn } = await connections.send(
      new CreateConnectionCommand({ ConnectionName: 'mine', ProviderType }),
    )
    const stranger = test.client(CodeStarConnectionsClient, { account: DEV })
    await expect(stranger.send(new GetConnectionCommand({ ConnectionArn }))).rejects.toThrow()
    await expect(stranger.send(new DeleteConnectionCommand({ ConnectionArn }))).rejects.toThrow()
  })

  it('is refused without a provider that it knows, and with a host', async () => {
    const none = new CreateConnectionCommand({ ConnectionName: 'x' })
    await expect(connections.send(none)).rejects.toMatchObject({ name: 'InvalidInputException' })
    const HostArn = `arn:aws:codestar-connections:us-east-1:${HUB}:host/a-12345678`
    const hosted = new CreateConnectionCommand({ ConnectionName: 'x', ProviderType, HostArn })
    await expect(connections.send(hosted)).rejects.toThrow(/HostArn/)
  })
})

const PROGRAM = `
import boto3
older, newer = boto3.client('codestar-connections'), boto3.client('codeconnections')
arn = newer.create_connection(ConnectionName='new', ProviderType='GitLab', Tags=[{'Key': 'a', 'Value': 'b'}])['ConnectionArn']
print(arn.split(':')[2], older.get_connection(ConnectionArn=arn)['Connection']['ConnectionName'])
newer.tag_resource(ResourceArn=arn, Tags=[{'Key': 'c', 'Value': 'd'}])
newer.untag_resource(ResourceArn=arn, TagKeys=['a'])
print(newer.list_tags_for_resource(ResourceArn=arn)['Tags'])
print([one['ConnectionName'] for one in newer.list_connections(ProviderTypeFilter='GitLab')['Connections']])
older.delete_connection(ConnectionArn=arn)
try:
    newer.get_connection(ConnectionArn=arn)
except newer.exceptions.ResourceNotFoundException as error:
    print('gone')
`
const hasBoto = spawnSync('python3', ['-c', 'import boto3']).status === 0

it.skipIf(!hasBoto)(
  'the other name of the service is the same (skipped: boto3 is not installed)',
  async () => {
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AWS_ENDPOINT_URL: test.cloud.endpoint,
      AWS_ACCESS_KEY_ID: HUB,
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'us-east-1',
    }
    const { stdout } = await promisify(execFile)('python3', ['-c', PROGRAM], { env })
    const tags = "[{'Key': 'c', 'Value': 'd'}]"
    expect(stdout.trim().split('\n')).toEqual(['codeconnections new', tags, "['new']", 'gone'])
  },
  60_000,
)

it('connections are listed by provider, in pages', async () => {
  const eu = test.client(CodeStarConnectionsClient, { region: 'eu-west-1' })
  for (const [ConnectionName, type] of [
    ['a', 'GitHub'],
    ['b', 'Bitbucket'],
    ['c', 'GitHub'],
  ] as const)
    await eu.send(new CreateConnectionCommand({ ConnectionName, ProviderType: type }))
  const names: string[] = []
  let NextToken: string | undefined
  do {
    const input = { ProviderTypeFilter: ProviderType, MaxResults: 1, NextToken } as const
    const page: ListConnectionsCommandOutput = await eu.send(new ListConnectionsCommand(input))
    names.push(...page.Connections!.map((one) => one.ConnectionName!))
    NextToken = page.NextToken
  } while (NextToken)
  expect(names.sort()).toEqual(['a', 'c'])
})

it.each(['CodeConnections', 'CodeStarConnections'])('AWS::%s::Connection lives in a stack', async (name) => {
  const stacks = driveStacks(test)
  const template = (ConnectionName: string, Tags: object[] = []) => ({
    Resources: {
      Connection: { Type: `AWS::${name}::Connection`, Properties: { ConnectionName, ProviderType, Tags } },
    },
    Outputs: {
      Arn: { Value: { Ref: 'Connection' } },
      Status: { Value: { 'Fn::GetAtt': ['Connection', 'ConnectionStatus'] } },
    },
  })
  const made = await stacks.create(name, template('first'))
  expect(made.StackStatus, (await stacks.events(name)).join('\n')).toBe('CREATE_COMPLETE')
  const { Arn, Status } = await stacks.outputs(name)
  expect(Arn).toContain(`arn:aws:${name === 'CodeConnections' ? 'codeconnections' : 'codestar-connections'}:`)
  expect(Status).toBe('PENDING')
  await stacks.update(name, template('first', [{ Key: 'a', Value: 'b' }]))
  expect((await stacks.outputs(name)).Arn).toBe(Arn)
  const { Tags } = await connections.send(new ListTagsForResourceCommand({ ResourceArn: Arn }))
  expect(Tags).toContainEqual({ Key: 'a', Value: 'b' })
  await stacks.update(name, template('second'))
  expect((await stacks.outputs(name)).Arn).not.toBe(Arn)
  await expect(connections.send(new GetConnectionCommand({ ConnectionArn: Arn }))).rejects.toThrow()
  expect((await stacks.remove(name)).StackStatus).toBe('DELETE_COMPLETE')
})
