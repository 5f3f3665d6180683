import { describe, expect, it, test } from 'vitest'
import * as room from './index.ts'

const { build, bus, lambdaFunction, logGroup, parametersOf, pipeline, placeOf, queue, topic } = room
const places = [lambdaFunction, topic, pipeline, build, logGroup, bus, queue]

describe('an ARN', () => {
  it.each([
    ['arn:aws:lambda:us-east-1:111111111111:function:f:live', lambdaFunction],
    ['arn:aws:sns:us-east-1:111111111111:t', topic],
    ['arn:aws:codepipeline:us-east-1:111111111111:p', pipeline],
    ['arn:aws:codebuild:us-east-1:111111111111:project/b', build],
    ['arn:aws:logs:us-east-1:111111111111:log-group:/aws/g:*', logGroup],
    ['arn:aws:events:us-east-1:111111111111:event-bus/b', bus],
    ['arn:aws:lambda:us-east-1:111111111111:layer:l', undefined],
    ['arn:aws:sqs:us-east-1:111111111111:q', queue],
    ['arn:aws:sqs:us-east-1:111111111111:q.fifo', queue],
    ['arn:aws:dynamodb:us-east-1:111111111111:table/t', undefined],
    ['function:f', undefined],
  ])('%s is of its destination alone', (arn, place) => {
    expect(placeOf(places, arn)).toBe(place)
  })
})

describe('parameters', () => {
  it('come from what was written for the destination, never from an event as it is', () => {
    expect(parametersOf({ text: '{"a":1}' })).toEqual({})
    expect(parametersOf({ text: '{"a":1}', written: true })).toEqual({ a: 1 })
    expect(parametersOf({ text: '"a"', written: true })).toEqual({})
    expect(() => parametersOf({ text: 'a', written: true })).toThrow('is not JSON')
  })
})

test('what starts something starts it once for a token', async () => {
  const calls: unknown[] = []
  const sender = {
    call: async (_service: string, _operation: string, input: unknown) => calls.push(input),
  } as unknown as room.Sender
  const message = { text: '{"projectName":"other"}', written: true, token: 'T' }

  await build.send(sender, 'arn:aws:codebuild:us-east-1:111111111111:project/b', message)
  await pipeline.send(sender, 'arn:aws:codepipeline:us-east-1:111111111111:p', message)

  expect(calls).toEqual([
    { projectName: 'b', idempotencyToken: 'T' },
    { name: 'p', clientRequestToken: 'T' },
  ])
})
