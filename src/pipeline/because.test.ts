import { describe, expect, it } from 'vitest'
import type { NeedOrigin } from '../model/index.ts'
import { reason, sidOf } from './because.ts'

describe('an origin', () => {
  it.each<[NeedOrigin, string, string]>([
    [
      { kind: 'resource', stack: 'orders', logicalId: 'Function', phase: 'create' },
      'to create Function in the stack orders',
      'CreateFunctionInStackOrders',
    ],
    [
      { kind: 'resource', stack: 'orders', phase: 'manage' },
      'to manage unnamed in the stack orders',
      'ManageUnnamedInStackOrders',
    ],
    [
      { kind: 'pipeline', pipeline: 'orders', purpose: 'to read the stack’s template' },
      'to read the stack’s template',
      'ReadStacksTemplate',
    ],
    [{ kind: 'start' }, 'to start the pipeline when its source changes', 'StartPipelineWhenSourceChanges'],
  ])('%j', (origin, because, sid) => {
    expect(reason(origin)).toEqual({ because, origin })
    expect(sidOf(origin)).toBe(sid)
  })
})
