/** `crossdock plan`: what a deployment would do is told, nothing of it is done, and then that is what is done. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deploy } from '../../src/cli/commands/deploy.ts'
import { plan } from '../../src/cli/commands/plan.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { runAnswering, runCommand } from '../run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-plan-'))
const fleet = join(folder, 'crossdock.yaml')
const TEMPLATE = 'Resources: { Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: news } } }'
const MORE = 'Resources: { Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: news } } }'

const write = ({ regions = '[us-east-1]', more = '', prod = true } = {}) =>
  writeFileSync(
    fleet,
    `fleet: plan
hub: { account: "111111111111", region: us-east-1${more} }
environments:
  dev: { account: "222222222222", regions: ${regions} }
  prod: { account: "333333333333", regions: [us-east-1] }
pipelines:
  news:
    source: { github: acme/news }
    build: {}
    deploy: [{ cloudformation: { template: template.yaml } }]
    stages: [dev${prod ? ', prod' : ''}]
`,
  )

const bugs: unknown[] = []
let cloud: Cloud

beforeAll(async () => {
  writeFileSync(join(folder, 'template.yaml'), TEMPLATE)
  write()
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  process.env.AWS_ENDPOINT_URL = cloud.endpoint
  process.env.CROSSDOCK_CLOUD_SECRET = cloud.secret
})
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL
  delete process.env.CROSSDOCK_CLOUD_SECRET
  await cloud?.stop()
  rmSync(folder, { recursive: true })
  expect(bugs).toEqual([])
})

const planned = async (options: object = {}) => {
  const { text, status } = await runCommand(plan, { fleet, json: true, ...options })
  return { status, ...JSON.parse(text) }
}
const outcomes = async (): Promise<string[]> => {
  const { stacks } = JSON.parse((await runCommand(deploy, { fleet, json: true })).text)
  return stacks
    .map(({ outcome, stack, account }: Record<string, string>) => `${outcome} ${stack} ${account}`)
    .sort()
}
const WORDS: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'updated',
  unchanged: 'unchanged',
}
const announced = async (): Promise<string[]> =>
  (await planned()).stacks
    .map(({ action, stack, account }: Record<string, string>) => `${WORDS[action!]} ${stack} ${account}`)
    .sort()

test('of a new fleet every stack is told, with --verbose all that its roles may do; nothing is made', async () => {
  const { text, status } = await runCommand(plan, { fleet })
  expect(text).toContain('+ crossdock-plan-news 111111111111 us-east-1  pipeline news: 6 resources')
  expect(text).toMatch(/costs about \$[\d.]+ a month more/)
  expect(text).toContain('4 stacks to make, 0 to change, 0 unchanged')
  expect(status).toBe(0)
  const { text: all } = await runCommand(plan, { fleet, verbose: true })
  expect(all).toContain('+ Pipeline AWS::CodePipeline::Pipeline')
  expect(all).toContain(
    'gains the role crossdock-plan-news-deploy may now be assumed by arn:aws:iam::111111111111:role/crossdock/crossdock-plan-news-pipeline',
  )
  expect(cloud.trail.entries().filter(({ action }) => /Create|Put|Delete/.test(action))).toEqual([])
  expect((await planned({ exitStatus: true })).status).toBe(1)
})

test('what it tells is what deploy does; then nothing would change', async () => {
  const before = await announced()
  expect(await outcomes()).toEqual(before)
  expect((await runCommand(plan, { fleet, exitStatus: true })).text).toBe('nothing would change')
  expect(await planned({ exitStatus: true })).toMatchObject({ status: 0, changes: false, left: [] })
})

test('a deployment without changes takes one look at each place, and no lock', async () => {
  const since = cloud.trail.entries().length
  expect(new Set((await outcomes()).map((one) => one.split(' ')[0]))).toEqual(new Set(['unchanged']))
  const calls = new Map<string, Set<string>>()
  for (const { action, caller, requestId } of cloud.trail.entries().slice(since))
    if (caller.endsWith(':root')) calls.set(action, (calls.get(action) ?? new Set()).add(requestId))
  expect(Object.fromEntries([...calls].map(([action, some]) => [action, some.size]))).toEqual({
    'ssm:GetParameters': 1,
    // Each account and region once, and the connection's stack.
    'cloudformation:DescribeStacks': 4,
    'codestar-connections:GetConnection': 1,
  })
})

test('a region more, another template: what changes, is gained and lost, and nothing else', async () => {
  write({ regions: '[us-east-1, eu-west-1]', more: ', keepArtifacts: 7' })
  writeFileSync(join(folder, 'template.yaml'), MORE)
  const { text } = await runCommand(plan, { fleet })
  expect(text).toContain('~ ArtifactBucket AWS::S3::Bucket  LifecycleConfiguration')
  expect(text).toMatch(
    /gains the role crossdock-plan-news-cloudformation may now sqs:CreateQueue, .* on arn:aws:sqs:eu-west-1:222222222222:news, arn:aws:sqs:us-east-1:222222222222:news/,
  )
  expect(text).toMatch(/loses the role crossdock-plan-news-cloudformation may no longer sns:CreateTopic, /)
  // The key of the home region stays what it is, though the parameter of the new region's is not known yet.
  expect(text).not.toMatch(/loses the role crossdock-plan-news-build/)
  const before = await announced()
  const refused = await runAnswering([], deploy, { fleet })
  expect(refused.text).toMatch(
    /2 stacks to make, 3 to change, 1 unchanged\nDeploy this\?\nnothing was deployed$/,
  )
  expect(refused.status).toBe(1)
  expect(await announced()).toEqual(before)
  expect(await outcomes()).toEqual(before)
})

test('an environment that leaves: what its pipelines lose, what is left, and what nobody deploys any more', async () => {
  write({ prod: false })
  const { text } = await runCommand(plan, { fleet })
  expect(text).toContain(
    'loses the bucket crossdock-plan-news-111111111111-us-east-1 no longer lets arn:aws:iam::333333333333:role/crossdock/crossdock-plan-news-deploy s3:GetObject',
  )
  expect(text).not.toMatch(/gains the (bucket|key)/)
  expect(text).toContain('no pipeline deploys the stack news in 333333333333 us-east-1 any more')
  expect(text).toMatch(/roles of news in prod +crossdock-plan-news-access +333333333333 us-east-1/)
  expect(text).toMatch(/costs about \$[\d.]+ a month less/)
  const document = await planned()
  expect(document.left.map(({ stack }: { stack: string }) => stack)).toContain('crossdock-plan-news-access')
  expect(document.cost.after).toBeLessThan(document.cost.before)
})
