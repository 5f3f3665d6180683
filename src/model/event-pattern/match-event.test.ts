/** Which events fit which patterns, and how bad patterns are refused. */
import { describe, expect, it } from 'vitest'
import { compilePattern } from './compile-pattern.ts'
import { fieldsOf, matchesEvent } from './match-event.ts'

const matches = (pattern: object, event: object): boolean =>
  matchesEvent(compilePattern(JSON.stringify(pattern)), fieldsOf(event))

describe('fits', () => {
  const event = {
    source: 'aws.s3',
    'detail-type': 'Object Created',
    resources: ['arn:aws:s3:::drops', 'arn:aws:s3:::other'],
    detail: {
      bucket: { name: 'drops' },
      object: { key: 'in/web.zip', size: 42 },
      ip: '10.0.0.7',
      gone: null,
      ok: true,
    },
  }
  it.each<[string, object]>([
    ['equal strings, all fields', { source: ['aws.s3'], detail: { bucket: { name: ['a', 'drops'] } } }],
    ['one of a list in the event', { resources: ['arn:aws:s3:::other'] }],
    ['numbers, null and booleans', { detail: { object: { size: [42.0] }, gone: [null], ok: [true] } }],
    ['names joined by dots', { 'detail.object.key': ['in/web.zip'] }],
    ['prefix', { detail: { object: { key: [{ prefix: 'in/' }] } } }],
    [
      'prefix without regard to case',
      { detail: { object: { key: [{ prefix: { 'equals-ignore-case': 'IN/' } }] } } },
    ],
    ['suffix', { detail: { object: { key: [{ suffix: '.zip' }] } } }],
    [
      'suffix without regard to case',
      { detail: { object: { key: [{ suffix: { 'equals-ignore-case': '.ZIP' } }] } } },
    ],
    ['equals-ignore-case', { source: [{ 'equals-ignore-case': 'AWS.S3' }] }],
    ['wildcard', { detail: { object: { key: [{ wildcard: 'in/*b.z*' }] } } }],
    ['anything-but one', { source: [{ 'anything-but': 'aws.ec2' }] }],
    ['anything-but a list', { source: [{ 'anything-but': ['aws.ec2', 'aws.ecs'] }] }],
    ['anything-but numbers', { detail: { object: { size: [{ 'anything-but': [1, 2] }] } } }],
    ['anything-but prefix', { source: [{ 'anything-but': { prefix: 'my.' } }] }],
    ['anything-but suffixes', { source: [{ 'anything-but': { suffix: ['.ec2', '.ecs'] } }] }],
    ['anything-but wildcard', { detail: { object: { key: [{ 'anything-but': { wildcard: '*/lib/*' } }] } } }],
    [
      'anything-but without regard to case',
      { source: [{ 'anything-but': { 'equals-ignore-case': ['AWS.EC2'] } }] },
    ],
    ['numeric', { detail: { object: { size: [{ numeric: ['=', 42] }] } } }],
    ['numeric range', { detail: { object: { size: [{ numeric: ['>', 0, '<=', 42] }] } } }],
    ['exists', { detail: { object: { key: [{ exists: true }] } } }],
    ['does not exist', { detail: { object: { version: [{ exists: false }] } } }],
    ['absent or equal', { detail: { object: { version: [{ exists: false }, 'v'] } } }],
    ['cidr', { detail: { ip: [{ cidr: '10.0.0.0/24' }] } }],
    ['$or', { $or: [{ source: ['x'] }, { detail: { object: { size: [{ numeric: ['<', 50] }] } } }] }],
    ['$or deep down', { detail: { $or: [{ nope: ['x'] }, { ok: [true] }] }, source: ['aws.s3'] }],
  ])('%s', (_name, pattern) => {
    expect(matches(pattern, event)).toBe(true)
  })

  it.each<[string, object]>([
    ['other strings', { source: ['aws.s'] }],
    ['a number for a string', { detail: { object: { size: ['42'] } } }],
    ['only some of the fields', { source: ['aws.s3'], detail: { bucket: { name: ['mine'] } } }],
    ['a case that differs', { source: ['AWS.S3'] }],
    ['anything-but what it is', { source: [{ 'anything-but': { prefix: 'aws.' } }] }],
    ['anything-but of a field that is not there', { detail: { nope: [{ 'anything-but': 'x' }] } }],
    ['numeric of a string', { source: [{ numeric: ['>', 0] }] }],
    ['outside the range', { detail: { object: { size: [{ numeric: ['>=', 0, '<', 42] }] } } }],
    ['exists of a field that is no leaf', { detail: { object: [{ exists: true }] } }],
    ['outside the block', { detail: { ip: [{ cidr: '10.0.1.0/24' }] } }],
    ['another family', { detail: { ip: [{ cidr: '2001:db8::/32' }] } }],
    ['wildcards that overlap', { detail: { object: { key: [{ wildcard: 'in/web.zip*zip' }] } } }],
    ['no branch of $or', { $or: [{ source: ['x'] }, { source: ['y'] }] }],
    [
      'a branch of $or without the rest',
      { source: ['x'], $or: [{ detail: { ok: [true] } }, { source: ['y'] }] },
    ],
  ])('not: %s', (_name, pattern) => {
    expect(matches(pattern, event)).toBe(false)
  })

  it('fields of one array element, not of different ones', () => {
    const list = {
      detail: {
        items: [
          { name: 'a', size: 1, tags: [] },
          { name: 'b', size: 2 },
        ],
      },
    }
    expect(matches({ detail: { items: { name: ['b'], size: [2] } } }, list)).toBe(true)
    expect(matches({ detail: { items: { name: ['a'], size: [2] } } }, list)).toBe(false)
    expect(matches({ detail: { items: { tags: [{ exists: true }] } } }, list)).toBe(false)
    expect(matches({ detail: { items: { name: [{ 'anything-but': 'a' }] } } }, list)).toBe(true)
  })

  it('escaped wildcards and addresses of version 6', () => {
    expect(matches({ a: [{ wildcard: 'a\\*b\\\\*' }] }, { a: 'a*b\\c' })).toBe(true)
    expect(matches({ a: [{ wildcard: 'a\\*b' }] }, { a: 'axb' })).toBe(false)
    expect(matches({ a: [{ cidr: '2001:db8:1234::/48' }] }, { a: '2001:db8:1234:1::7' })).toBe(true)
  })
})

describe('refuses, saying where', () => {
  it.each([
    ['{"int": 42}', '"int" must be an object or an array', 11],
    ['{"string": "my-value"}', '"string" must be an object or an array', 13],
    ['{"resources": []}', 'Empty arrays are not allowed', 17],
    ['{"source": ["aws.health"], "detail": {}}', 'Empty objects are not allowed', 40],
    ['{"my_key": [{"EXISTS": true}]}', 'Unrecognized match type EXISTS', 28],
    ['{"detail": {"equal": [{"NUMERIC": ["=", 5]}]}}', 'Unrecognized match type NUMERIC', 36],
    ['{"detail": {"c-count": [{"numeric": [">", 0, ">", 0]}]}}', 'Bad numeric range operator: >', 49],
    ['{"time": [{"prefix": 123}]}', 'prefix match pattern must be a string', 25],
    ['{"time": [{"prefix": ["2022-07-13"]}]}', 'prefix match pattern must be a string', 23],
    ['{"FileName": [{"suffix": 123}]}', 'suffix match pattern must be a string', 29],
    [
      '{"detail": {"FileName": [{"anything-but": {"suffix": [123, ".txt"]}}]}}',
      'prefix/suffix match pattern must be a string',
      58,
    ],
    [
      '{"detail": {"FileName": [{"anything-but": {"prefix": {"equals-ignore-case": "file"}}}]}}',
      'Value of anything-but must be an array or single string/number value.',
      55,
    ],
  ])('%s', (text, reason, column) => {
    expect(() => compilePattern(text)).toThrow(
      expect.objectContaining({
        code: 'InvalidEventPatternException',
        message: `Event pattern is not valid. Reason: ${reason}\n at [Source: (String)"${text}"; line: 1, column: ${column}]`,
      }),
    )
  })

  it.each([
    ['[]', 'Filter is not an object'],
    ['nonsense', 'Unexpected token'],
    ['{"a": [["b"]]}', 'Match value must be String, number, true, false, or null'],
    ['{"a": [{}]}', 'Match expression name not found'],
    ['{"a": [{"prefix": "a", "suffix": "b"}]}', 'Only one key allowed in match expression'],
    ['{"a": [{"exists": "yes"}]}', 'exists match pattern must be either true or false.'],
    ['{"a": [{"anything-but": true}]}', 'Value of anything-but must be an array'],
    ['{"a": [{"anything-but": ["a", 1]}]}', 'mixed type is not supported'],
    ['{"a": [{"anything-but": [null]}]}', 'Inside anything but list, start|null|boolean is not supported.'],
    ['{"a": [{"anything-but": {"cidr": "10.0.0.0/8"}}]}', 'Unsupported anything-but pattern: cidr'],
    ['{"a": [{"anything-but": {"prefix": ""}}]}', 'Null prefix/suffix not allowed'],
    ['{"a": [{"cidr": "10.0.0.0"}]}', "Malformed CIDR, one '/' required"],
    ['{"a": [{"cidr": "xx.11.xx/8"}]}', 'Nonstandard IP address: xx.11.xx'],
    ['{"a": [{"cidr": "10.0.0.0/xx"}]}', 'Malformed CIDR, mask bits must be an integer'],
    ['{"a": [{"cidr": "10.0.0.0/33"}]}', 'mask bits must be between 0 and 32'],
    ['{"a": [{"wildcard": "a**"}]}', 'Consecutive wildcard characters at pos 1'],
    ['{"a": [{"wildcard": "a\\\\n"}]}', 'Invalid escape character at pos 1'],
    ['{"a": [{"numeric": "="}]}', 'Value of numeric must be an array.'],
    ['{"a": [{"numeric": ["!", 1]}]}', 'Unrecognized numeric range operator: !'],
    ['{"a": [{"numeric": ["=", "1"]}]}', 'Value of equals must be numeric'],
    ['{"a": [{"numeric": ["<", 1, ">", 0]}]}', 'Too many elements in numeric expression'],
    ['{"a": [{"numeric": [">", 5, "<", 1]}]}', 'Bottom must be less than top'],
    ['{"a": [{"numeric": [">", 6000000000]}]}', 'Value must be between -5.0E9 and 5.0E9, inclusive'],
    ['{"$or": {"a": ["b"]}}', 'It must be an Array followed with $or.'],
    ['{"$or": [{"a": ["b"]}]}', 'There must have at least 2 Objects in $or relationship.'],
    ['{"$or": ["a", "b"]}', 'Only JSON object is allowed in array of $or relationship.'],
    ['{"$or": [{"prefix": ["a"]}, {"b": ["c"]}]}', 'reserved fieldName'],
  ])('%s', (text, reason) => {
    expect(() => compilePattern(text)).toThrow(reason)
  })

  it('patterns that multiply without end', () => {
    const level = '"$or":[{"a":[1]},{"b":[1]}]'
    const nested = Array.from({ length: 12 }, (_, index) => `"f${index}":{${level}}`).join(',')
    expect(() => compilePattern(`{${nested}}`)).toThrow('combinations')
  })
})
