import { expect, test } from 'vitest'
import { assemblyStack } from '../../../tests/assembly-stack.ts'
import { awsError, fakeAccounts } from '../../../tests/fake-accounts.ts'
import { FILE_TAG, FLEET_TAG } from '../../model/index.ts'
import { CONCURRENCY, Slots } from '../slots.ts'
import { StandingStacks } from '../standing-stacks.ts'
import { findLeft, isOfFleet } from './find-left.ts'

const hub = { account: '111111111111', region: 'us-east-1' }
const there = { account: '222222222222', region: 'us-east-1' }
const tags = (fleet: string, file?: string) => [
  { Key: FLEET_TAG, Value: fleet },
  ...(file ? [{ Key: FILE_TAG, Value: file }] : []),
]
const assembly = (file?: string) => ({
  fleet: 'acme',
  home: { hub, prefix: 'crossdock-acme-' },
  waves: [[assemblyStack({ tags: { [FLEET_TAG]: 'acme', ...(file && { [FILE_TAG]: file }) } })]],
  pipelines: [],
})

test.each([
  ['of the same file', 'app', tags('acme', 'here'), 'here', true],
  ['of another file', 'crossdock-acme-x', tags('acme', 'there'), 'here', false],
  ['of another fleet', 'crossdock-acme-x', tags('acme-x'), 'here', false],
  ['of no fleet', 'crossdock-acme-x', [], 'here', false],
  ['whose file nobody knows, by its name', 'crossdock-acme-x', tags('acme'), 'here', true],
  [
    'of no known file, where this one is not known',
    'crossdock-acme-x',
    tags('acme', 'here'),
    undefined,
    true,
  ],
  ['of a fleet with another prefix', 'tools-acme-x', tags('acme'), undefined, false],
])('a stack %s', (_, StackName, Tags, own, expected) => {
  expect(isOfFleet(assembly(own))({ StackName, Tags } as never)).toBe(expected)
})

test('a stack within another is none of its own', () => {
  const nested = { StackName: 'crossdock-acme-x', Tags: tags('acme'), ParentId: 'arn' }
  expect(isOfFleet(assembly())(nested as never)).toBe(false)
})

test('what stands and is in no wave is given, and where nobody may look is told', async () => {
  const { accounts } = fakeAccounts({
    DescribeStacks: (_, { account }) =>
      account === hub.account
        ? awsError('AccessDenied')
        : {
            Stacks: [
              { StackName: 'app', Tags: tags('acme') },
              {
                StackName: 'crossdock-acme-old-access',
                StackId: 'arn:old',
                Tags: tags('acme'),
                Description: 'Crossdock fleet acme: roles of old in dev',
                EnableTerminationProtection: true,
              },
              { StackName: 'theirs', Tags: [] },
            ],
          },
    GetTemplate: () => ({ TemplateBody: '{ "Resources": { "Topic": { "Type": "AWS::SNS::Topic" } } }' }),
  })
  const places = [hub, there]
  const standing = new StandingStacks(accounts, [], { places, isMeant: isOfFleet(assembly()) })
  const left = await findLeft(assembly(), places, { accounts, standing, slots: new Slots(CONCURRENCY) })
  expect(left).toEqual({
    stacks: [
      {
        name: 'crossdock-acme-old-access',
        id: 'arn:old',
        target: there,
        environment: 'dev',
        title: 'roles of old in dev',
        isProtected: true,
        template: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } },
      },
    ],
    unseen: [
      {
        account: hub.account,
        regions: ['us-east-1'],
        why: 'its stacks may not be listed (allow cloudformation:DescribeStacks on *)',
      },
    ],
  })
})
