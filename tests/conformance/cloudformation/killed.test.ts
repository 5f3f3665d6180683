/** A cloud killed at any moment of a stack's operation ends it, after its next start, as if nothing had happened. */
import { CreateChangeSetCommand, ExecuteChangeSetCommand } from '@aws-sdk/client-cloudformation'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Host } from '../../../src/cloud/gateway/host.ts'
import { startTestCloud } from '../cloud.ts'
import { loadServices } from '../interrupted.ts'
import { afterKill, contents, discard, type KillPoint, killable, recordKillPoints } from '../kill-points.ts'
import { makeFunction, makeRole, zip } from '../lambda/functions.ts'
import { childTemplate, customHandler, everyType, REFUSED } from './every-type.ts'
import { driveStacks, type TemplateData } from './stack-driver.ts'

const running = await startTestCloud(killable())
await loadServices(running.cloud)
const port = Number(new URL(running.cloud.endpoint).port)
const stacks = driveStacks(running)
const CHILD = 'https://templates.s3.us-east-1.amazonaws.com/child.json'
const CAPABILITIES = { Capabilities: ['CAPABILITY_NAMED_IAM' as const] }

interface Phase {
  readonly points: readonly KillPoint[]
  readonly undisturbed: readonly string[]
  readonly status: string
}
const phases = new Map<string, Phase>()

/**
 * The function that answers for the custom resource may run twice, and its answers come twice then; how often targets were
 * checked is told as metrics; and whether the pipeline's first execution, which fails, is told to the topic hangs on
 * whether it ends before the notification rule is there or after.
 */
const AT_LEAST_ONCE =
  /^\["(cloudwatch\.hours|cloudformation\.answers|codestar-notifications\.targets|logs\.streams",".*?","\/aws\/lambda\/custom:)/

/** With CHAOS set a cloud is killed after every commit, otherwise after every third. */
const STRIDE = process.env.CHAOS ? 1 : 3

/** Until a rollback begins, a failed operation is like one that succeeds. */
const isRollback = (records: KillPoint['records']): boolean =>
  records.some(
    ({ collection, value }) =>
      collection === 'cloudformation.stacks' &&
      /^(UPDATE_)?ROLLBACK_/.test((value as { status: string }).status),
  )

/** Only what a cloud is started on later is copied: a copy of all files for each commit takes its time. */
function chosen(name: string) {
  let seen = 0
  return (records: KillPoint['records']) =>
    (!name.includes('failed') || isRollback(records)) && seen++ % STRIDE === 0
}

async function during(name: string, work: () => Promise<{ StackStatus?: string }>): Promise<void> {
  const recording = recordKillPoints(running.cloud, chosen(name))
  const { StackStatus: status = '' } = await work()
  recording.stop()
  phases.set(name, { points: recording.points, undisturbed: contents(running.cloud, AT_LEAST_ONCE), status })
}

/** The template with one resource more, which comes last and cannot be made. */
function failing({ Resources }: TemplateData): TemplateData {
  const last = {
    Type: 'AWS::SSM::Parameter',
    Properties: { Type: 'String', Name: 'aws-not-allowed', Value: 'x' },
    DependsOn: Object.keys(Resources as object),
  }
  return { Resources: { ...(Resources as object), Last: last } }
}

async function prepare(): Promise<string> {
  const s3 = running.client(S3Client, { forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: 'templates' }))
  const Body = JSON.stringify(childTemplate)
  await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'child.json', Body }))
  const layer = zip({ 'nodejs/node_modules/words/index.js': 'module.exports = 1' })
  await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'layer.zip', Body: layer }))
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'codebuild.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  }
  const AssumeRolePolicyDocument = JSON.stringify(trust)
  await running
    .client(IAMClient)
    .send(new CreateRoleCommand({ RoleName: 'builder', AssumeRolePolicyDocument }))
  const role = await makeRole(running, 'custom')
  const made = await makeFunction(running.client(LambdaClient), 'custom', role, customHandler)
  await running.cloud.settled()
  return made.FunctionArn!
}

beforeAll(async () => {
  const serviceToken = await prepare()
  const [first, later] = (['first', 'later'] as const).map((age) => everyType(age, CHILD, serviceToken))
  const set = { StackName: 'all', ChangeSetName: 'new' }
  await during('a change set', async () => {
    const TemplateBody = JSON.stringify(first)
    const input = { ...set, ...CAPABILITIES, ChangeSetType: 'CREATE' as const, TemplateBody }
    await stacks.client.send(new CreateChangeSetCommand(input))
    return stacks.describe('all')
  })
  await during('a creation', async () => {
    await stacks.client.send(new ExecuteChangeSetCommand(set))
    return stacks.describe('all')
  })
  await during('a failed update', () => stacks.update('all', failing(later!), CAPABILITIES))
  await during('an update', () => stacks.update('all', later!, CAPABILITIES))
  await during('a deletion', () => stacks.remove('all'))
  await during('a failed creation', () => stacks.create('all', failing(first!), CAPABILITIES))
  await running.cloud.stop()
}, 120_000)

afterAll(() => {
  for (const { points } of phases.values()) discard(points)
})

it('with a sample of every type', () => {
  const { Resources } = everyType('first', CHILD, '') as { Resources: Record<string, { Type: string }> }
  const sampled = Object.values(Resources).map((one) => one.Type)
  const known = [...(running.cloud as Host).resourceTypes.keys()].filter((one) => !REFUSED.includes(one))
  expect(known.filter((one) => !sampled.includes(one))).toEqual([])
})

it.each([
  ['a change set', 'REVIEW_IN_PROGRESS', 0],
  ['a creation', 'CREATE_COMPLETE', 25],
  ['an update', 'UPDATE_COMPLETE', 25],
  ['a deletion', 'DELETE_COMPLETE', 10],
  ['a failed update', 'UPDATE_ROLLBACK_COMPLETE', 20],
  ['a failed creation', 'ROLLBACK_COMPLETE', 5],
])(
  'during %s',
  async (name, expected, atLeast) => {
    const { points, undisturbed, status } = phases.get(name)!
    expect(status).toBe(expected)
    expect(points.length * STRIDE).toBeGreaterThan(atLeast)
    for (const [index, point] of points.entries()) {
      const found = await afterKill(point, port, (cloud) => contents(cloud, AT_LEAST_ONCE))
      expect(found, `killed after commit ${index * STRIDE} of ${points.length * STRIDE}`).toEqual(undisturbed)
    }
  },
  120_000,
)
