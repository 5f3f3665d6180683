import { expect, test } from 'vitest'
import { FleetError } from '../../model/index.ts'
import { readTemplate } from './parse-template.ts'

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
  const { placeOf } = readTemplate(YAML)
  expect(placeOf(['Resources', 'Role'])).toEqual({ line: 2, column: 3 })
  expect(placeOf(['Resources', 'Role', 'Properties', 'Policies', 1, 'PolicyDocument'])).toEqual({
    line: 9,
    column: 11,
  })
  expect(readTemplate(JSON_TEXT).placeOf(['Resources', 'Topic', 'Type'])).toEqual({ line: 3, column: 14 })
})

test('what is within a function, or not there, is told by what is around it', () => {
  const { placeOf } = readTemplate(YAML)
  const statement = ['Resources', 'Role', 'Properties', 'Policies', 1, 'PolicyDocument', 'Statement']
  expect(placeOf([...statement, 'Fn::If', 1, 'Ref'])).toEqual({ line: 10, column: 13 })
  expect(placeOf(['Resources', 'Role', 'Properties', 'Tags'])).toEqual({ line: 4, column: 5 })
  expect(placeOf(['Outputs'])).toEqual({ line: 1, column: 1 })
})

test('digits with a leading zero stay as they are written', () => {
  const { template } = readTemplate(
    'Parameters: { Hub: { Type: String, Default: 012345678901 } }\nResources: {}\nOutputs: { A: { Value: !Join ["", [012, 12]] } }\n',
  )
  expect(template.Parameters?.Hub?.Default).toBe('012345678901')
  expect(template.Outputs?.A?.Value).toEqual({ 'Fn::Join': ['', ['012', 12]] })
})

const refusals: readonly [title: string, text: string, told: RegExp][] = [
  ['broken YAML', 'Resources:\n  A: [\n', /^t\.yaml:3:1: this is no YAML or JSON: .*\n {2}fix: /],
  ['broken JSON', '{ "Resources": { "A": }', /^t\.yaml:1:\d+: this is no YAML or JSON: /],
  ['no template', 'fleet: acme\n', /^t\.yaml: it has no Resources\n {2}fix: name a CloudFormation template/],
  ['a list of resources', 'Resources:\n  - A\n', /^t\.yaml:1:1: it has no Resources/],
  [
    'a loop',
    'Resources:\n  Fn::ForEach::A: [X, [a], {}]\n',
    /^t\.yaml:2:3: Fn::ForEach::A among the resources/,
  ],
  [
    'an alias, as AWS does',
    'Parameters: { A: &a { Type: String }, B: *a }\nResources: {}\n',
    /^t\.yaml:1:42: AWS takes no YAML aliases in templates: \*a\n {2}fix: write what &a stands for/,
  ],
  [
    'an alias within a function',
    'Resources:\n  A: { Type: &t "AWS::S3::Bucket", Properties: !If [A, *t, x] }\n',
    /^t\.yaml:2:\d+: AWS takes no YAML aliases in templates: \*t/,
  ],
  ['a resource without a type', 'Resources:\n  A: {}\n', /^t\.yaml:2:3: the resource A has no Type/],
]

test.each(refusals)('refuses %s with its place', (_title, text, told) => {
  let error: unknown
  try {
    readTemplate(text, 't.yaml')
  } catch (cause) {
    error = cause
  }
  expect(error).toBeInstanceOf(FleetError)
  expect(String(error)).toMatch(told)
})
