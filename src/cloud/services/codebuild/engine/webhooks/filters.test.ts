import type { WebhookFilter } from '@aws-sdk/client-codebuild'
import { expect, test } from 'vitest'
import { type Happened, passes } from './filters.ts'

const PUSH: Happened = {
  event: 'PUSH',
  headRef: 'refs/heads/main',
  actor: '111111111111',
  files: ['src/app.ts', 'README.md'],
  message: 'Fix the build',
}
const PULL: Happened = {
  ...PUSH,
  event: 'PULL_REQUEST_UPDATED',
  headRef: 'refs/heads/feature',
  baseRef: 'refs/heads/main',
}

const group = (...filters: [string, string, boolean?][]): WebhookFilter[] =>
  filters.map(([type, pattern, excludeMatchedPattern]) => ({
    type: type as WebhookFilter['type'],
    pattern,
    excludeMatchedPattern,
  }))

const event = (pattern: string): [string, string] => ['EVENT', pattern]

test.each<[string, WebhookFilter[], Happened, boolean]>([
  ['its event', group(event('PUSH')), PUSH, true],
  ['one of its events', group(event('PULL_REQUEST_CREATED, PUSH')), PUSH, true],
  ['another event', group(event('PULL_REQUEST_CREATED')), PUSH, false],
  ['a part of the head', group(event('PUSH'), ['HEAD_REF', 'main']), PUSH, true],
  ['the start of the head', group(event('PUSH'), ['HEAD_REF', '^main']), PUSH, false],
  ['any other head', group(event('PUSH'), ['HEAD_REF', '^refs/heads/main$', true]), PUSH, false],
  ['the base', group(event('PULL_REQUEST_UPDATED'), ['BASE_REF', '^refs/heads/main$']), PULL, true],
  ['another base', group(event('PULL_REQUEST_UPDATED'), ['BASE_REF', 'main', true]), PULL, false],
  ['one of the files', group(event('PUSH'), ['FILE_PATH', '^src/']), PUSH, true],
  ['none of the files', group(event('PUSH'), ['FILE_PATH', '^docs/']), PUSH, false],
  ['a file that is another', group(event('PUSH'), ['FILE_PATH', '^src/', true]), PUSH, true],
  ['no file that is another', group(event('PUSH'), ['FILE_PATH', '.', true]), PUSH, false],
  ['the message', group(event('PUSH'), ['COMMIT_MESSAGE', 'Fix']), PUSH, true],
  ['who did it', group(event('PUSH'), ['ACTOR_ACCOUNT_ID', '^2'], ['HEAD_REF', 'main']), PUSH, false],
])('a group with %s', (_what, one, happened, expected) => {
  expect(passes({ filterGroups: [one] }, happened)).toBe(expected)
  expect(passes({ filterGroups: [group(event('RELEASED')), one] }, happened)).toBe(expected)
})

test('without groups the branch filter decides, and ends of pull requests build nothing', () => {
  expect(passes({}, PUSH)).toBe(true)
  expect(passes({ branchFilter: '^main$' }, PUSH)).toBe(true)
  expect(passes({ branchFilter: '^release' }, PUSH)).toBe(false)
  expect(passes({}, { ...PULL, event: 'PULL_REQUEST_CLOSED' })).toBe(false)
})
