import type { Stack, StackEvent } from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { assemblyStack } from '../../../tests/assembly-stack.ts'
import { explainFailure } from './explain-failure.ts'

const event = (LogicalResourceId: string, ResourceStatus: string, ResourceStatusReason?: string) =>
  ({ LogicalResourceId, ResourceStatus, ResourceStatusReason, ResourceType: 'AWS::X::Y' }) as StackEvent
const ended = { StackStatus: 'ROLLBACK_COMPLETE', StackStatusReason: 'rolled back' } as Stack

test('the first resource that failed by itself is the cause', () => {
  const events = [
    event('Good', 'CREATE_COMPLETE'),
    event('Stopped', 'CREATE_FAILED', 'Resource creation cancelled'),
    event('app', 'CREATE_FAILED', 'the stack itself'),
    event('Bad', 'CREATE_FAILED', 'not authorized'),
    event('Later', 'DELETE_FAILED', 'not empty'),
  ]
  expect(explainFailure(assemblyStack(), ended, events)).toEqual({
    stack: 'app',
    target: { account: '222222222222', region: 'us-east-1' },
    environment: 'dev',
    status: 'ROLLBACK_COMPLETE',
    logicalId: 'Bad',
    resourceType: 'AWS::X::Y',
    reason: 'not authorized',
  })
})

test("without one it is the stack's reason, else its status", () => {
  expect(explainFailure(assemblyStack(), ended, []).reason).toBe('rolled back')
  const silent = { StackStatus: 'UPDATE_ROLLBACK_FAILED' } as Stack
  expect(explainFailure(assemblyStack(), silent, []).reason).toBe('the stack ended as UPDATE_ROLLBACK_FAILED')
})
