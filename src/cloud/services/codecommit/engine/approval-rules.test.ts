/** Who counts as a member of an approval pool. */
import { expect, test } from 'vitest'
import { isInPool } from './approval-rules.ts'

const USER = 'arn:aws:iam::111111111111:user/team/Mary'
const SESSION = 'arn:aws:sts::111111111111:assumed-role/Review/Mary'

test.each([
  ['CodeCommitApprovers:111111111111:Mary', USER, true],
  ['CodeCommitApprovers:222222222222:Mary', USER, false],
  ['CodeCommitApprovers:111111111111:Mary', SESSION, false],
  ['CodeCommitApprovers:111111111111:*Mary', SESSION, true],
  ['CodeCommitApprovers:111111111111:Review/*', SESSION, true],
  ['arn:aws:sts::111111111111:assumed-role/Review/*', SESSION, true],
  ['arn:aws:sts::111111111111:assumed-role/Other/*', SESSION, false],
])('%s and %s: %s', (member, arn, isMember) => {
  expect(isInPool([member], arn)).toBe(isMember)
})

test('everybody is in a pool without members', () => {
  expect(isInPool([], USER)).toBe(true)
})
