import { expect, test } from 'vitest'
import { awsError, type FakeCall, fakeAccounts } from '../../tests/fake-accounts.ts'
import { pendingConnections } from './pending-connections.ts'

const target = { account: '111111111111', region: 'eu-west-1' }
const arn = (id: string) => `arn:aws:codestar-connections:eu-west-1:111111111111:connection/${id}`
const made = { stack: 'crossdock-acme-hub', target, output: 'ConnectionGitHub' }

const finding = (status: (arn: string) => unknown, stack: unknown = undefined) => {
  const { accounts, calls } = fakeAccounts({
    DescribeStacks: () => stack ?? awsError('ValidationError', 'does not exist'),
    GetConnection: ({ ConnectionArn }: FakeCall['input']) => status(ConnectionArn),
  })
  return { accounts, calls }
}

test('those that a person must authorize are given, with where', async () => {
  const outputs = [
    { OutputKey: 'ConnectionGitHub', OutputValue: arn('made') },
    { OutputKey: 'KeyArn', OutputValue: 'arn:key' },
  ]
  const { accounts, calls } = finding(
    (one) => ({
      Connection: { ConnectionStatus: one === arn('fine') ? 'AVAILABLE' : 'PENDING', ProviderType: 'GitHub' },
    }),
    { Stacks: [{ Outputs: outputs }] },
  )
  expect(await pendingConnections(accounts, [made, made], [arn('fine'), arn('made')])).toEqual([
    {
      arn: arn('made'),
      status: 'PENDING',
      provider: 'GitHub',
      console: 'https://eu-west-1.console.aws.amazon.com/codesuite/settings/connections?region=eu-west-1',
    },
  ])
  expect(calls.map(({ operation }) => operation).sort()).toEqual([
    'DescribeStacks',
    'GetConnection',
    'GetConnection',
  ])
})

test('what is not there yet, or may not be looked at, is left out', async () => {
  const { accounts } = finding(() => awsError('AccessDeniedException'))
  expect(await pendingConnections(accounts, [made], [arn('other')])).toEqual([])
})
