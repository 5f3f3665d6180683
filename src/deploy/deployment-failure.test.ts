import { expect, test } from 'vitest'
import { DeploymentFailure } from './deployment-failure.ts'

const failure = (stack: string, reason: string, more = {}) => ({
  stack,
  target: { account: '222222222222', region: 'us-east-1' },
  environment: 'dev',
  reason,
  ...more,
})

test('names each stack with its place, and the resource that failed', () => {
  const told = new DeploymentFailure([
    failure('a', 'not authorized', { logicalId: 'Topic', resourceType: 'AWS::SNS::Topic' }),
    failure('b', 'no access'),
  ])
  expect(told.message.split('\n')).toEqual([
    'a in dev (222222222222, us-east-1) failed: Topic (AWS::SNS::Topic) not authorized',
    'b in dev (222222222222, us-east-1) failed: no access',
  ])
  expect(told.failures).toHaveLength(2)
})

test('names three of many that failed for one reason', () => {
  const many = ['a', 'b', 'c', 'd', 'e'].map((stack) => failure(stack, 'no access'))
  const lines = new DeploymentFailure([...many, failure('f', 'other')]).message.split('\n')
  expect(lines).toHaveLength(5)
  expect(lines[3]).toBe('and 2 more for the same reason')
  expect(lines[4]).toMatch(/^f in dev .* other$/)
})
