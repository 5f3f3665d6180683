/** An operation that the end of the cloud interrupts goes on after its next start, without doing things twice. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { type Cloud, startCloud } from '../../../src/cloud/index.ts'
import { type ScriptedType, scriptType } from './scripted-type.ts'

const queue = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: { KeySchema: [], ...properties },
  ...more,
})

/** Runs the first part until a call is under way, stops the cloud in its midst, and starts it again. */
async function interrupt(
  begin: (client: CloudFormationClient, cloud: Cloud, tables: ScriptedType) => Promise<string>,
): Promise<{ client: CloudFormationClient; cloud: Cloud; end: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-restart-'))
  const connect = ({ endpoint }: Cloud) =>
    new CloudFormationClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' },
    })
  const first = await startCloud({ data: folder })
  const tables = scriptType(first, 'AWS::DynamoDB::Table', 't')
  const before = connect(first)
  const held = await begin(before, first, tables)
  await expect.poll(() => tables.calls).toContainEqual(expect.stringContaining(held))
  await first.stop()
  before.destroy()
  const cloud = await startCloud({ data: folder })
  const client = connect(cloud)
  await cloud.settled()
  const end = async () => {
    client.destroy()
    await cloud.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { client, cloud, end }
}

/** Holds a call up until the cloud stops, and then loses it. */
const hold = (cloud: Cloud, tables: ScriptedType, held: string) => {
  tables.script = (call) =>
    call.startsWith(held)
      ? new Promise((_, reject) => {
          cloud.signal.addEventListener('abort', () => reject(new Error('the process is gone')))
        })
      : undefined
}
const template = (resources: object) => JSON.stringify({ Resources: resources })
const statusOf = async (client: CloudFormationClient, name: string) =>
  (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks![0]!.StackStatus
const idsOf = async (client: CloudFormationClient) => {
  const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: 's' }))
  return Object.fromEntries(StackResources!.map((one) => [one.LogicalResourceId, one.PhysicalResourceId]))
}

test('a creation keeps what was finished and makes the rest', async () => {
  const { client, end } = await interrupt(async (before, cloud, tables) => {
    hold(cloud, tables, 'create Slow')
    const resources = {
      Done: queue(),
      Slow: queue({}, { DependsOn: 'Done' }),
      Later: queue({}, { DependsOn: 'Slow' }),
    }
    await before.send(new CreateStackCommand({ StackName: 's', TemplateBody: template(resources) }))
    return 'create Slow'
  })
  expect(await statusOf(client, 's')).toBe('CREATE_COMPLETE')
  expect(await idsOf(client)).toEqual({
    Done: 't-1',
    Slow: expect.stringMatching(/^s-Slow-\w{12}$/),
    Later: expect.stringMatching(/^s-Later-\w{12}$/),
  })
  await end()
})

test('an update goes on to its end and cleans up', async () => {
  const { client, end } = await interrupt(async (before, cloud, tables) => {
    const resources = { A: queue({ BillingMode: 'PROVISIONED' }), B: queue(), Old: queue() }
    await before.send(new CreateStackCommand({ StackName: 's', TemplateBody: template(resources) }))
    await cloud.settled()
    hold(cloud, tables, 'update B')
    const next = {
      A: queue({ BillingMode: 'PAY_PER_REQUEST' }),
      B: queue({ BillingMode: 'PAY_PER_REQUEST' }, { DependsOn: 'A' }),
    }
    await before.send(new UpdateStackCommand({ StackName: 's', TemplateBody: template(next) }))
    return 'update B'
  })
  expect(await statusOf(client, 's')).toBe('UPDATE_COMPLETE')
  expect(Object.keys(await idsOf(client))).toEqual(['A', 'B'])
  await end()
})

test('a deletion goes on', async () => {
  const { client, end } = await interrupt(async (before, cloud, tables) => {
    const resources = { A: queue(), B: queue({}, { DependsOn: 'A' }) }
    await before.send(new CreateStackCommand({ StackName: 's', TemplateBody: template(resources) }))
    await cloud.settled()
    hold(cloud, tables, 'delete B')
    await before.send(new DeleteStackCommand({ StackName: 's' }))
    return 'delete B'
  })
  await expect(statusOf(client, 's')).rejects.toThrow('Stack with id s does not exist')
  await end()
})
