import { expect, test } from 'vitest'
import { readDocument } from './document.ts'
import { TemplateFault } from './template-fault.ts'

const YAML = `Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: one
          PolicyDocument: { Statement: [] }
        - PolicyName: two
          PolicyDocument:
            Statement: !If [Is, !Ref A, !Ref B]
`
const JSON_TEXT = `{
\t"Resources": {
\t\t"Topic": { "Type": "AWS::SNS::Topic" }
\t}
}`

test('tells where what stands, in YAML and in JSON', () => {
  const { placeOf } = readDocument(YAML)
  expect(placeOf(['Resources', 'Role'])).toEqual({ line: 2, column: 3 })
  expect(placeOf(['Resources', 'Role', 'Properties', 'Policies', 1, 'PolicyDocument'])).toEqual({
    line: 9,
    column: 11,
  })
  expect(readDocument(JSON_TEXT).placeOf(['Resources', 'Topic', 'Type'])).toEqual({ line: 3, column: 14 })
})

test('a function is told, what is within it, and what is not there by what is around it', () => {
  const { placeOf } = readDocument(YAML)
  const statement = ['Resources', 'Role', 'Properties', 'Policies', 1, 'PolicyDocument', 'Statement']
  expect(placeOf([...statement, 'Fn::If'])).toEqual({ line: 10, column: 13 })
  expect(placeOf([...statement, 'Fn::If', 1, 'Ref'])).toEqual({ line: 10, column: 38 })
  expect(placeOf(['Resources', 'Role', 'Properties', 'Tags'])).toEqual({ line: 4, column: 5 })
  expect(placeOf(['Outputs'])).toEqual({ line: 1, column: 1 })
})

test('digits with a leading zero stay as they are written', () => {
  const { template } = readDocument(
    'Parameters: { Hub: { Type: String, Default: 012345678901 } }\nResources: {}\nOutputs: { A: { Value: !Join ["", [012, 12]] } }\n',
  )
  expect(template.Parameters?.Hub?.Default).toBe('012345678901')
  expect(template.Outputs?.A?.Value).toEqual({ 'Fn::Join': ['', ['012', 12]] })
})

test('a byte order mark is no part of the text', () => {
  for (const text of [YAML, JSON_TEXT])
    expect(readDocument(`\uFEFF${text}`).template).toEqual(readDocument(text).template)
})

test('loops are written out with what is known of their parameters', () => {
  const text = `Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList } }
Resources:
  Fn::ForEach::Topics: [Name, !Ref Names, { "Topic\${Name}": { Type: AWS::SNS::Topic } }]
`
  expect(Object.keys(readDocument(text, { Names: 'A, B' }).template.Resources)).toEqual(['TopicA', 'TopicB'])
  expect(faultOf(text)).toMatchObject({ fix: 'give the parameter Names a value' })
})

function faultOf(text: string): TemplateFault {
  try {
    readDocument(text)
  } catch (error) {
    if (error instanceof TemplateFault) return error
  }
  throw new Error('it is no fault')
}

const refusals: readonly [title: string, text: string, message: string, at: object][] = [
  [
    'broken YAML',
    'Resources:\n  A: [\n',
    'Template format error: YAML not well-formed. (line 3, column 1)',
    { place: { line: 3, column: 1 } },
  ],
  [
    'broken JSON',
    '{ "Resources": { "A": }',
    'Template format error: JSON not well-formed. (line 1, column 23)',
    { place: { line: 1, column: 23 } },
  ],
  [
    'no template',
    'fleet: acme\n',
    'Template format error: At least one Resources member must be defined.',
    {},
  ],
  [
    'a list of resources',
    'Resources:\n  - A\n',
    'Template format error: [/Resources] expected type object.',
    { path: ['Resources'] },
  ],
  [
    'a loop without its transform',
    'Resources:\n  Fn::ForEach::A: [X, [a], {}]\n',
    'Template error: Fn::ForEach requires the transform AWS::LanguageExtensions',
    { path: ['Resources', 'Fn::ForEach::A'] },
  ],
  [
    'an alias',
    'Parameters: { A: &a { Type: String }, B: *a }\nResources: {}\n',
    'Template error: YAML aliases are not allowed in CloudFormation templates',
    { place: { line: 1, column: 42 }, fix: 'write what &a stands for' },
  ],
  [
    'an alias within a function',
    'Resources:\n  A: { Type: &t "AWS::S3::Bucket", Properties: !If [A, *t, x] }\n',
    'Template error: YAML aliases are not allowed in CloudFormation templates',
    { place: { line: 2, column: 56 } },
  ],
  [
    'an unknown tag',
    'Resources:\n  A: { Type: !Foo x }\n',
    'Template format error: unknown tag !Foo (line 2, column 19)',
    { place: { line: 2, column: 19 } },
  ],
  [
    'a resource without a type',
    'Resources:\n  A: {}\n',
    'Template format error: [/Resources/A] Every Resources object must contain a Type member.',
    { path: ['Resources', 'A'], told: 'the resource A has no Type' },
  ],
]

test.each(refusals)('refuses %s in AWS’s words, with its place', (_title, text, message, at) => {
  expect(faultOf(text)).toMatchObject({ message, ...at })
})
