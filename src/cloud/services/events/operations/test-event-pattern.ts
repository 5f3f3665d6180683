/** events:TestEventPattern. */
import { compilePattern, fieldsOf, matchesEvent } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { invalid } from '../engine/find.ts'

/**
 * AWS: what an event must have to be tested. The page of the operation names `resources` too, but an event without them is
 * taken (localstack/localstack, tests/aws/services/events/test_events_patterns.py).
 */
const REQUIRED = ['id', 'account', 'source', 'time', 'region', 'detail-type']

export const TestEventPattern = operation({
  service: 'events',
  name: 'TestEventPattern',
  access: () => [{ action: 'events:TestEventPattern', resource: '*' }],
  run: (input) => {
    const event = readEvent(input.Event)
    return { Result: matchesEvent(compilePattern(input.EventPattern), fieldsOf(event)) }
  },
})

function readEvent(text: string): object {
  let event: unknown
  try {
    event = JSON.parse(text)
  } catch {
    throw invalid('Parameter Event is not valid.')
  }
  if (event === null || typeof event !== 'object' || REQUIRED.some((name) => !Object.hasOwn(event, name)))
    throw invalid('Parameter Event is not valid.')
  return event
}
