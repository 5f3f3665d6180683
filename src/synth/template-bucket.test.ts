import { expect, it } from 'vitest'
import type { AssemblyStack } from '../model/index.ts'
import { needsTemplateBucket } from './template-bucket.ts'

/** A template of that many bytes when written without white space. */
const stackOf = (bytes: number): AssemblyStack => {
  const resources = (text: string) => ({
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        DelaySeconds: 12.5,
        Empty: [],
        None: {},
        FifoQueue: false,
        Left: undefined,
        Tags: [null, { Key: 'a "quoted" \\ line\nand ü 日 🚢 \u0001', Value: text }],
      },
    },
  })
  const bare = Buffer.byteLength(JSON.stringify({ Resources: resources('') }))
  return { template: { Resources: resources('x'.repeat(bytes - bare)) } } as unknown as AssemblyStack
}

it('a template goes into a bucket from the first byte that a request does not take', () => {
  expect(needsTemplateBucket(stackOf(51_200))).toBe(false)
  expect(needsTemplateBucket(stackOf(51_201))).toBe(true)
})
