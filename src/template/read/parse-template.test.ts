/** Template text. */
import { expect, test } from 'vitest'
import { parseTemplate } from './parse-template.ts'

test('turns every short form into its long form', () => {
  const parsed = parseTemplate(
    [
      'Ref: !Ref A',
      'Att: !GetAtt A.B.C',
      'AttList: !GetAtt [A, B]',
      'Nested: !Join ["", [!Sub "${A}", !Select [0, !Split [",", x]]]]',
      'If: !If [C, !Ref A, !Ref "AWS::NoValue"]',
      'Condition: !Condition C',
      'Block: !Sub |',
      '  two',
      '  lines',
    ].join('\n'),
  )
  expect(parsed).toEqual({
    Ref: { Ref: 'A' },
    Att: { 'Fn::GetAtt': ['A', 'B.C'] },
    AttList: { 'Fn::GetAtt': ['A', 'B'] },
    Nested: {
      'Fn::Join': ['', [{ 'Fn::Sub': '${A}' }, { 'Fn::Select': [0, { 'Fn::Split': [',', 'x'] }] }]],
    },
    If: { 'Fn::If': ['C', { Ref: 'A' }, { Ref: 'AWS::NoValue' }] },
    Condition: { Condition: 'C' },
    Block: { 'Fn::Sub': 'two\nlines\n' },
  })
})

test('keeps dates and leading zeros as they are written', () => {
  expect(parseTemplate('Version: 2012-10-17\nAccount: 001234567890\nNumber: 12\nOn: yes\nNo: ~')).toEqual({
    Version: '2012-10-17',
    Account: '001234567890',
    Number: 12,
    On: true,
    No: null,
  })
})

test('reads the booleans of YAML 1.1, but for names of conditions', () => {
  const read = parseTemplate(
    'Condition: No\nValue: !If [No, On, "on"]\nLong: {Fn::If: [Yes, off, n]}\nDependsOn: [Off]',
  )
  expect(read).toEqual({
    Condition: 'No',
    Value: { 'Fn::If': ['No', true, 'on'] },
    Long: { 'Fn::If': ['Yes', false, 'n'] },
    DependsOn: ['Off'],
  })
})

test.each([
  ['{"a": }', 'JSON not well-formed. (line 1,'],
  ['a: b\n c: d: e', 'YAML not well-formed. (line'],
  ['a: 1\na: 2', 'Duplicate key found. (line 2, column 1)'],
  ['- a', 'unsupported structure'],
  ['just text', 'unsupported structure'],
  ['', 'unsupported structure'],
])('refuses %j', (text, message) => {
  expect(() => parseTemplate(text)).toThrow(`Template format error: ${message}`)
})
