import { expect, test } from 'vitest'
import { acrossAccounts } from './across-accounts.ts'
import type { FailureGroup } from './group-failures.ts'

/** A deploy role that may not pass the role of its stack. */
function failureIn(account: string, file: string | undefined, action = 'iam:PassRole'): FailureGroup {
  const role = `arn:aws:iam::${account}:role/deploy`
  const stackRole = `arn:aws:iam::${account}:role/stack`
  return {
    principal: role,
    actions: [action],
    resources: [stackRole],
    because: ['to pass it'],
    uses: [{ pipeline: 'orders', stage: account, action: 'Deploy' }],
    failure: {
      saidNo: `identity policy of ${role}`,
      message: 'no',
      close: [],
      remedies: [
        {
          belongsIn: `identity policy of ${role}`,
          origin: { account, region: 'us-east-1', stack: 'deploy', logicalId: 'DeployRole', file },
          statement: {
            Effect: 'Allow',
            Action: action,
            Resource: [stackRole, 'arn:aws:kms:us-east-1:111111111111:key/*'],
          },
          advice: 'Add it.',
        },
      ],
    },
  }
}

test('one file in three accounts is one failure, with a statement that suits all of them', () => {
  const [only, ...others] = acrossAccounts(
    ['222222222222', '333333333333', '444444444444'].map((account) => failureIn(account, 'deploy.yaml')),
  )
  expect(others).toEqual([])
  expect(only!.alike).toEqual([
    'arn:aws:iam::333333333333:role/deploy',
    'arn:aws:iam::444444444444:role/deploy',
  ])
  expect(only!.resources).toHaveLength(3)
  expect(only!.uses).toHaveLength(3)
  expect(only!.failure.remedies[0]!.statement).toEqual({
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: [
      { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/stack' },
      'arn:aws:kms:us-east-1:111111111111:key/*',
    ],
  })
})

test('what differs by more than the account stays apart', () => {
  const groups = [
    failureIn('222222222222', 'deploy.yaml'),
    failureIn('333333333333', 'other.yaml'),
    failureIn('444444444444', 'deploy.yaml', 's3:GetObject'),
  ]
  const told = acrossAccounts(groups)
  expect(told.map(({ alike }) => alike)).toEqual([[], [], []])
  expect(told[0]!.failure).toEqual(groups[0]!.failure)
})

test('stacks that come from no file are told one by one, as each is changed by itself', () => {
  const groups = [failureIn('222222222222', undefined), failureIn('333333333333', undefined)]
  expect(acrossAccounts(groups)).toHaveLength(2)
})
