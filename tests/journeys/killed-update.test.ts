/** Updates of a function, each of which a kill of the cloud's process interrupts, end as if nothing had happened. */
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pack } from '../../src/cloud/machine/archive.ts'
import { eventually, printed, User } from './command-line.ts'

let user: User
let cloud: ChildProcess
let endpoint: string

async function startCloud(): Promise<void> {
  cloud = user.start(['cloud', '--port', '0', '--json', '--data', join(user.folder, 'data')])
  endpoint = JSON.parse(await printed(cloud, /\}\s*$/)).endpoint
}

async function kill(): Promise<void> {
  const closed = new Promise((done) => cloud.once('close', done))
  cloud.kill('SIGKILL')
  await closed
}

async function using<C extends { destroy(): void }, T>(
  Client: new (configuration: object) => C,
  work: (client: C) => Promise<T>,
): Promise<T> {
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' }
  const client = new Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true })
  return work(client).finally(() => client.destroy())
}

const status = () =>
  using(CloudFormationClient, async (client) => {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'hello' }))
    return Stacks![0]!.StackStatus!
  })
const atRest = () => eventually(status, (one) => !one.endsWith('_IN_PROGRESS'))

/** What the stack is made of in its `round`-th state: other code and another variable each time. */
const stackIn = (round: number) => ({
  StackName: 'hello',
  TemplateBody: readFileSync('examples/hello/template.yaml', 'utf8'),
  Capabilities: ['CAPABILITY_IAM' as const],
  Parameters: [
    { ParameterKey: 'Stage', ParameterValue: 'abcdefghij'.slice(0, round + 1) },
    { ParameterKey: 'CodeBucket', ParameterValue: 'code' },
    { ParameterKey: 'CodeKey', ParameterValue: `${round}.zip` },
  ],
})

const ROUNDS = 5

beforeAll(async () => {
  user = await User.create()
  await startCloud()
  await using(S3Client, async (client) => {
    await client.send(new CreateBucketCommand({ Bucket: 'code' }))
    for (let round = 0; round <= ROUNDS; round++) {
      const content = Buffer.from(`export const handler = async () => ${round}`)
      const Body = await pack([{ name: 'index.mjs', content }])
      await client.send(new PutObjectCommand({ Bucket: 'code', Key: `${round}.zip`, Body }))
    }
  })
  await using(CloudFormationClient, (client) => client.send(new CreateStackCommand(stackIn(0))))
  expect(await atRest()).toBe('CREATE_COMPLETE')
})
afterAll(async () => {
  cloud?.kill('SIGKILL')
  await user?.remove()
})

it('at its very beginning, or when the function has begun to change', async () => {
  for (let round = 1; round <= ROUNDS; round++) {
    const token = `round-${round}`
    await using(CloudFormationClient, async (client) => {
      await client.send(new UpdateStackCommand({ ...stackIn(round), ClientRequestToken: token }))
      const begun = async () => {
        const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: 'hello' }))
        return StackEvents.filter((one) => one.ClientRequestToken === token)
      }
      if (round > 1) await eventually(begun, (events) => events.length >= round)
    })
    await kill()
    await startCloud()
    expect(await atRest(), `round ${round}`).toBe('UPDATE_COMPLETE')
    const made = await using(LambdaClient, (client) =>
      client.send(new GetFunctionConfigurationCommand({ FunctionName: 'hello' })),
    )
    expect(made.Environment?.Variables?.STAGE).toBe('abcdefghij'.slice(0, round + 1))
  }
}, 60_000)
