import { expect, test } from 'vitest'
import { type Answers, awsError, fakeAccounts, fakePace } from '../../../tests/fake-accounts.ts'
import type { TemplateResource } from '../../model/index.ts'
import { CONCURRENCY } from '../slots.ts'
import type { OwnStack } from './own-stack.ts'
import { takeAway } from './take-away.ts'

const target = { account: '111111111111', region: 'us-east-1' }
const RESOURCES: Record<string, TemplateResource> = {
  pipeline: { Type: 'AWS::CodePipeline::Pipeline', Properties: { Name: 'acme-web' } },
  role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'acme-web-cloudformation', Path: '/crossdock/' } },
  bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'artifacts' } },
  kept: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'for-ever' }, DeletionPolicy: 'Retain' },
  key: { Type: 'AWS::KMS::Key' },
}
const stack = (name: string, kinds: readonly string[], isProtected = false): OwnStack => ({
  name,
  id: `arn:${name}`,
  target,
  environment: 'hub',
  title: name,
  isProtected,
  template: { Resources: Object.fromEntries(kinds.map((kind) => [kind, RESOURCES[kind]!])) },
})
const ALL = [stack('key', ['key']), stack('access', ['role', 'bucket', 'kept']), stack('web', ['pipeline'])]

interface Standing {
  readonly name: string
  readonly role?: string
  readonly isProtected?: boolean
}

/** A cloud in which stacks go when they are deleted, but for those named. */
async function taking(
  own: readonly OwnStack[],
  {
    users = [],
    stubborn = [],
    applications = false,
  }: { users?: Standing[]; stubborn?: string[]; applications?: boolean } = {},
) {
  const there = new Map(
    [...own.map(({ name }) => name), ...users.map(({ name }) => name)].map((name) => [name, true]),
  )
  const did: string[] = []
  const answers: Answers = {
    DescribeStacks: ({ StackName }) => {
      if (StackName === undefined)
        return {
          Stacks: users
            .filter(({ name }) => there.get(name))
            .map(({ name, role, isProtected }) => ({
              StackName: name,
              StackId: `arn:${name}`,
              RoleARN: role,
              EnableTerminationProtection: isProtected,
            })),
        }
      const name = StackName.replace('arn:', '')
      return there.get(name)
        ? { Stacks: [{ StackName: name, StackId: `arn:${name}`, StackStatus: 'CREATE_COMPLETE' }] }
        : awsError('ValidationError', 'does not exist')
    },
    DeleteStack: ({ StackName }) => {
      const name = StackName.replace('arn:', '')
      did.push(name)
      there.set(name, stubborn.includes(name))
      return {}
    },
    DescribeStackEvents: () => ({
      StackEvents: [
        {
          ResourceStatus: 'DELETE_FAILED',
          PhysicalResourceId: 'arn:web',
          ResourceStatusReason: 'of the stack',
        },
        { ResourceStatus: 'DELETE_FAILED', PhysicalResourceId: 'x', ResourceStatusReason: 'not authorized' },
      ],
    }),
    ListObjectVersions: ({ Bucket }) => {
      did.push(`empty ${Bucket}`)
      return {}
    },
  }
  const { accounts } = fakeAccounts(answers)
  const taken = await takeAway(own, {
    accounts,
    pace: fakePace().pace,
    listener: () => undefined,
    now: () => 0,
    concurrency: CONCURRENCY,
    regions: [target.region],
    applications,
  })
  return { did, stays: taken.stays.map(({ stack: { name }, why, isFailure }) => ({ name, why, isFailure })) }
}

test('pipelines go first, keys last, and what is to be kept in a bucket is not emptied', async () => {
  const { did, stays } = await taking(ALL)
  expect(did).toEqual(['web', 'empty artifacts', 'access', 'key'])
  expect(stays).toEqual([])
})

test('under a pipeline that fails to go nothing is taken away', async () => {
  const { did, stays } = await taking(ALL, { stubborn: ['web'] })
  expect(new Set(did)).toEqual(new Set(['web']))
  expect(stays).toEqual([
    {
      name: 'web',
      why: 'CREATE_COMPLETE: not authorized; until it goes, its pipeline still fires',
      isFailure: true,
    },
    { name: 'access', why: 'the pipeline that stays needs it: web', isFailure: false },
    { name: 'key', why: 'the pipeline that stays needs it: web', isFailure: false },
  ])
})

test('one that is protected stays, with how to lift that', async () => {
  const { did, stays } = await taking([stack('access', ['role'], true), stack('key', ['key'])])
  expect(did).toEqual(['key'])
  expect(stays).toEqual([
    {
      name: 'access',
      why: expect.stringMatching(
        /^it is protected: "aws .*--no-enable-termination-protection --stack-name access/,
      ),
      isFailure: false,
    },
  ])
})

const role = 'arn:aws:iam::111111111111:role/crossdock/acme-web-cloudformation'
const app = { name: 'app', role }

test('a role that a stack of an application changes by stays', async () => {
  const { did, stays } = await taking([ALL[1]!], { users: [app, { name: 'other', role: `${role}-2` }] })
  expect(did).toEqual([])
  expect(stays).toEqual([
    {
      name: 'access',
      why: `the stack app in 111111111111 us-east-1 changes by ${role}: it goes once another role has changed that stack, or delete the stack first (--applications does)`,
      isFailure: false,
    },
  ])
})

test('with its application it goes, unless that is protected or fails', async () => {
  const both = await taking([ALL[1]!], { users: [app], applications: true })
  expect(both.did).toEqual(['app', 'empty artifacts', 'access'])
  const safe = await taking([ALL[1]!], { users: [{ ...app, isProtected: true }], applications: true })
  expect(safe.did).toEqual([])
  expect(safe.stays.map(({ name, isFailure }) => [name, isFailure])).toEqual([
    ['app', false],
    ['access', false],
  ])
  const failing = await taking([ALL[1]!], { users: [app], applications: true, stubborn: ['app'] })
  expect(failing.stays.map(({ name, isFailure }) => [name, isFailure])).toEqual([
    ['app', true],
    ['access', false],
  ])
})
