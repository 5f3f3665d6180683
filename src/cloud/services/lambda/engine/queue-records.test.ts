/** Which records of a batch count as done, which fit filters, and how large batches are parted. */
import { expect, it } from 'vitest'
import { fitsFilters, inPieces, type QueueRecord, succeededOf } from './queue-records.ts'

const record = (messageId: string, body = ''): QueueRecord => ({ messageId, receiptHandle: messageId, body })
const batch = [record('a'), record('b')]
const idsOf = (records: readonly QueueRecord[]) => records.map(({ messageId }) => messageId)

it.each([
  ['null', ['a', 'b']],
  ['{}', ['a', 'b']],
  ['{"batchItemFailures":null}', ['a', 'b']],
  ['{"batchItemFailures":[]}', ['a', 'b']],
  ['{"batchItemFailures":[{"itemIdentifier":"a"}]}', ['b']],
  ['{"batchItemFailures":[{"itemIdentifier":""}]}', []],
  ['{"batchItemFailures":[{"itemIdentifier":null}]}', []],
  ['{"batchItemFailures":[{"id":"a"}]}', []],
  ['{"batchItemFailures":[{"itemIdentifier":"c"}]}', []],
  ['{"batchItemFailures":"a"}', []],
  ['no JSON', []],
])('by the answer %s done are %j', (answer, done) => {
  expect(idsOf(succeededOf(batch, Buffer.from(answer)))).toEqual(done)
})

it.each([
  ['{"kind":"a"}', '{"body":{"kind":["a"]}}', true],
  ['{"kind":"b"}', '{"body":{"kind":["a"]}}', false],
  ['text', '{"body":{"kind":["a"]}}', false],
  ['text', '{"body":["text"]}', true],
  ['{"kind":"a"}', '{"body":["text"]}', false],
])('the body %s and the pattern %s fit: %s', (body, pattern, fits) => {
  expect(fitsFilters([pattern], record('a', body))).toBe(fits)
  expect(fitsFilters([pattern, '{"messageId":["a"]}'], record('a', body))).toBe(true)
})

it('lets everything through where there is no pattern', () => {
  expect(fitsFilters([], record('a'))).toBe(true)
})

it('parts records where an invocation takes no more', () => {
  const large = (id: string) => record(id, 'x'.repeat(3_000_000))
  expect(inPieces([large('a'), large('b'), large('c')]).map(idsOf)).toEqual([['a', 'b'], ['c']])
  expect(inPieces([])).toEqual([])
})
