import { expect, test } from 'vitest'
import { awsError, type FakeCall, fakeAccounts } from '../../tests/fake-accounts.ts'
import { StandingStacks } from './standing-stacks.ts'

const HERE = { account: '222222222222', region: 'us-east-1' }
const stacks = (...names: string[]) => names.map((StackName) => ({ StackName }))
const wanted = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ stack: `s${index}`, target: HERE }))

function standing(count: number, list: (NextToken: string | undefined) => unknown) {
  const { accounts, calls } = fakeAccounts({
    DescribeStacks: ({ StackName, NextToken }: FakeCall['input']) =>
      StackName === undefined
        ? list(NextToken)
        : StackName === 's1'
          ? { Stacks: stacks('s1') }
          : awsError('ValidationError', `${StackName} does not exist`),
  })
  const all = new StandingStacks(accounts, wanted(count))
  return { find: (stack: string) => all.find({ stack, target: HERE }), calls }
}

test('a few are looked for one by one, each once', async () => {
  const { find, calls } = standing(8, () => new Error('listed'))
  expect(await Promise.all([find('s1'), find('s0'), find('s1')])).toEqual([
    { StackName: 's1' },
    undefined,
    { StackName: 's1' },
  ])
  expect(calls).toHaveLength(2)
})

test('many are listed once, page by page', async () => {
  const { find, calls } = standing(9, (token) =>
    token ? { Stacks: stacks('s3') } : { Stacks: stacks('stranger', 's2'), NextToken: 'n' },
  )
  expect(await Promise.all(['s2', 's3', 's4'].map(find))).toEqual([...stacks('s2', 's3'), undefined])
  expect(calls).toHaveLength(2)
})

test('the listing ends where all is found', async () => {
  const all = wanted(9).map(({ stack }) => stack)
  const { find, calls } = standing(9, () => ({ Stacks: stacks(...all), NextToken: 'more' }))
  expect(await find('s8')).toEqual({ StackName: 's8' })
  expect(calls).toHaveLength(1)
})

test('the listing ends where single looks cost no more, and these follow', async () => {
  const { find, calls } = standing(9, () => ({ Stacks: stacks('stranger'), NextToken: 'more' }))
  expect(await find('s1')).toEqual({ StackName: 's1' })
  expect(calls.filter(({ input }) => input.StackName === undefined)).toHaveLength(9)
})

test('who may not list looks one by one; another error is told', async () => {
  const { find } = standing(9, () => awsError('AccessDenied'))
  expect(await find('s1')).toEqual({ StackName: 's1' })
  expect(await find('s2')).toBeUndefined()
  await expect(standing(9, () => awsError('Throttling')).find('s1')).rejects.toThrow('Throttling')
})

test('each account and region is looked at by itself', async () => {
  const there = { account: '333333333333', region: 'eu-west-1' }
  const { accounts, calls } = fakeAccounts({ DescribeStacks: () => ({ Stacks: stacks('s1') }) })
  const all = new StandingStacks(accounts, [...wanted(2), { stack: 's1', target: there }])
  await all.find({ stack: 's1', target: there })
  await all.find({ stack: 's1', target: HERE })
  expect(calls.map(({ account, region }) => `${account} ${region}`)).toEqual([
    '333333333333 eu-west-1',
    '222222222222 us-east-1',
  ])
})
