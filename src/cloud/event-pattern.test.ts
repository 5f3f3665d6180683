/** Event patterns, after the examples of EventBridge's guide. */
import { describe, expect, it } from 'vitest'
import { compilePattern, PatternError } from './event-pattern.ts'

const event = {
  source: 'aws.codepipeline',
  'detail-type': 'CodePipeline Pipeline Execution State Change',
  resources: ['arn:a', 'arn:b'],
  detail: {
    state: 'FAILED',
    version: 3,
    address: '10.0.0.7',
    flag: true,
    nothing: null,
    empty: [],
    items: [
      { name: 'x', size: 1 },
      { name: 'y', size: 20 },
    ],
  },
}

describe('compilePattern', () => {
  it.each<[unknown, boolean]>([
    [{ source: ['aws.codepipeline'] }, true],
    [{ source: ['aws.s3', 'aws.codepipeline'] }, true],
    [{ source: ['aws.s3'] }, false],
    [{ source: ['aws.codepipeline'], detail: { state: ['FAILED', 'STOPPED'] } }, true],
    [{ source: ['aws.codepipeline'], detail: { state: ['SUCCEEDED'] } }, false],
    [{ resources: ['arn:b'] }, true],
    [{ detail: { version: [3] } }, true],
    [{ detail: { version: ['3'] } }, false],
    [{ detail: { flag: [true] } }, true],
    [{ detail: { nothing: [null] } }, true],
    [{ detail: { absent: [null] } }, false],
    [{ source: [{ prefix: 'aws.' }] }, true],
    [{ source: [{ prefix: { 'equals-ignore-case': 'AWS.' } }] }, true],
    [{ source: [{ suffix: 'pipeline' }] }, true],
    [{ source: [{ suffix: { 'equals-ignore-case': 'PIPELINE' } }] }, true],
    [{ detail: { state: [{ 'anything-but': 'FAILED' }] } }, false],
    [{ detail: { state: [{ 'anything-but': ['STARTED', 'STOPPED'] }] } }, true],
    [{ detail: { absent: [{ 'anything-but': 'x' }] } }, false],
    [{ detail: { state: [{ 'anything-but': { prefix: 'FA' } }] } }, false],
    [{ detail: { state: [{ 'anything-but': { suffix: ['X', 'Y'] } }] } }, true],
    [{ detail: { state: [{ 'anything-but': { wildcard: 'F*D' } }] } }, false],
    [{ detail: { state: [{ 'anything-but': { 'equals-ignore-case': 'failed' } }] } }, false],
    [{ detail: { version: [{ 'anything-but': 3 }] } }, false],
    [{ detail: { version: [{ numeric: ['>', 0, '<=', 3] }] } }, true],
    [{ detail: { version: [{ numeric: ['=', 4] }] } }, false],
    [{ detail: { state: [{ exists: true }] } }, true],
    [{ detail: { absent: [{ exists: false }] } }, true],
    [{ detail: { absent: [{ exists: true }] } }, false],
    [{ detail: { empty: [{ exists: true }] } }, false],
    [{ detail: { address: [{ cidr: '10.0.0.0/24' }] } }, true],
    [{ detail: { address: [{ cidr: '10.0.1.0/24' }] } }, false],
    [{ 'detail-type': [{ wildcard: '*Pipeline*Change' }] }, true],
    [{ 'detail-type': [{ wildcard: 'Stage*' }] }, false],
    [{ detail: { state: [{ 'equals-ignore-case': 'failed' }] } }, true],
    [{ detail: { items: { name: ['y'] } } }, true],
    [{ detail: { items: { name: ['x'], size: [20] } } }, false],
    [{ $or: [{ source: ['aws.s3'] }, { detail: { version: [3] } }] }, true],
    [{ detail: { $or: [{ state: ['X'] }, { version: [4] }] } }, false],
  ])('%j → %s', (pattern, expected) => {
    expect(compilePattern(pattern)(event)).toBe(expected)
  })

  it('takes a star that is escaped as it is', () => {
    const test = compilePattern({ a: [{ wildcard: 'x\\*y*' }] })
    expect([test({ a: 'x*yz' }), test({ a: 'xayz' })]).toEqual([true, false])
  })

  it.each([
    ['{', /JSON/],
    ['[]', /not an object/],
    ['{}', /Empty patterns/],
    ['{"source":"aws.s3"}', /"source" must be an object or an array/],
    ['{"source":[]}', /Empty arrays/],
    ['{"source":[{"like":"x"}]}', /Unrecognized match type like/],
    ['{"a":[{"numeric":[">","x"]}]}', /must be numeric/],
    ['{"a":[{"cidr":"10.0.0.0/64"}]}', /Malformed CIDR/],
    ['{"a":[{"prefix":1}]}', /must be a string/],
    ['{"a":[{"exists":"yes"}]}', /either true or false/],
  ])('refuses %s', (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(PatternError)
    expect(() => compilePattern(pattern)).toThrow(message)
  })
})
