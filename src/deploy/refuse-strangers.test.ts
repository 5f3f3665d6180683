import { expect, test } from 'vitest'
import { assemblyStack } from '../../tests/assembly-stack.ts'
import { fakeAccounts, fakePace } from '../../tests/fake-accounts.ts'
import { type AssemblyStack, FleetError } from '../model/index.ts'
import { deploy } from './deploy.ts'
import { withFileOf } from './refuse-strangers.ts'

const OURS = { 'crossdock:fleet': 'acme', 'crossdock:file': 'github.com/acme/infra:crossdock.yaml' }
const stack: AssemblyStack = { ...assemblyStack(), tags: OURS }

/** Deploys two waves beside a stack with such tags, until something is changed. */
async function deploying(standing: Readonly<Record<string, string>>, takeOver = false) {
  const { accounts, calls } = fakeAccounts({
    DescribeStacks: () => ({
      Stacks: [
        {
          StackName: 'app',
          StackId: 'arn:stack',
          StackStatus: 'CREATE_COMPLETE',
          Tags: Object.entries(standing).map(([Key, Value]) => ({ Key, Value })),
        },
      ],
    }),
    CreateChangeSet: () => {
      throw new Error('a change was asked for')
    },
  })
  const failure = await deploy(
    { fleet: 'acme', waves: [[{ ...stack, name: 'first', tags: {} }], [stack]], pipelines: [] },
    {
      accounts,
      render: () => '{}',
      listener: () => undefined,
      pace: fakePace().pace,
      now: () => 0,
      token: 'T',
      takeOver,
    },
  ).catch((error: Error) => error)
  return { failure: failure as Error, operations: calls.map(({ operation }) => operation) }
}

test('a stack of another fleet in the last wave stops the first', async () => {
  const { failure, operations } = await deploying({ 'crossdock:fleet': 'shop' })
  expect(failure).toBeInstanceOf(FleetError)
  expect(failure.message).toMatch(/^the stack app in \d{12} [\w-]+ belongs to the fleet shop$/)
  expect(operations).toEqual(['DescribeStacks'])
})

test('so does one of a fleet of the same name from another file', async () => {
  const { failure } = await deploying({ ...OURS, 'crossdock:file': 'github.com/shop/infra:crossdock.yaml' })
  expect(failure.message).toMatch(
    /was deployed from github.com\/shop\/infra:crossdock.yaml, which is not this fleet file/,
  )
})

test.each([
  ['is ours', OURS],
  ['told nothing yet', {}],
  ['comes from a file that nobody knows', { 'crossdock:fleet': 'acme' }],
])('a stack that %s is deployed', async (_, tags) => {
  expect((await deploying(tags)).failure.message).toMatch(/a change was asked for/)
})

test('another’s stack is taken over where that is asked for', async () => {
  expect((await deploying({ 'crossdock:fleet': 'shop' }, true)).failure.message).toMatch(
    /a change was asked for/,
  )
})

test('a stack keeps the file it came from where nobody knows better', () => {
  const seen = { Tags: [{ Key: 'crossdock:file', Value: 'a:b' }] } as never
  expect(withFileOf(seen, { ...stack, tags: {} }).tags).toEqual({ 'crossdock:file': 'a:b' })
  expect(withFileOf(seen, stack).tags).toEqual(OURS)
  expect(withFileOf(undefined, stack)).toBe(stack)
})
