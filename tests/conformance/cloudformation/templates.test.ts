/** Templates: both notations, every intrinsic function, parameters, and what is refused and how. */
import {
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { describe, expect, test } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { scriptType } from './scripted-type.ts'
import { driveStacks } from './stack-driver.ts'

const running = await startTestCloud()
const stacks = driveStacks(running)
const queues = scriptType(running.cloud, 'AWS::SQS::Queue', 'q')
let count = 0

/** Creates a stack whose outputs are the given values. */
const evaluate = async (values: Record<string, unknown>, more: Record<string, unknown> = {}, input = {}) => {
  const name = `eval-${++count}`
  const Outputs = Object.fromEntries(Object.entries(values).map(([key, Value]) => [key, { Value }]))
  const template = { Resources: { Q: { Type: 'AWS::SQS::Queue' } }, Outputs, ...more }
  const stack = await stacks.create(name, template, input)
  expect(stack.StackStatusReason).toBeUndefined()
  return stacks.outputs(name)
}
const refusal = async (template: object | string, input = {}): Promise<string> => {
  const stack = await stacks.create(`refused-${++count}`, template as never, input).catch((error) => error)
  return stack instanceof Error
    ? `${stack.name}: ${stack.message}`
    : `${stack.StackStatus}: ${stack.StackStatusReason}`
}
const withQueue = (properties: object) => ({
  Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: properties } },
})

test('gives the value of every intrinsic function', async () => {
  const values = {
    Ref: { Ref: 'Q' },
    Att: { 'Fn::GetAtt': ['Q', 'Arn'] },
    AttText: { 'Fn::GetAtt': 'Q.Arn' },
    Sub: { 'Fn::Sub': '${Q} ${Q.Arn} ${!Literal} ${P}' },
    SubMap: { 'Fn::Sub': ['${X}-${AWS::Region}', { X: { Ref: 'P' } }] },
    Join: { 'Fn::Join': ['-', ['a', { Ref: 'P' }, { Ref: 'AWS::NoValue' }]] },
    JoinList: { 'Fn::Join': ['|', { Ref: 'List' }] },
    Select: { 'Fn::Select': [1, { Ref: 'List' }] },
    Split: { 'Fn::Select': ['1', { 'Fn::Split': [':', 'x:y:z'] }] },
    If: { 'Fn::If': ['Yes', 'then', 'else'] },
    IfNot: { 'Fn::If': ['Both', 'then', 'else'] },
    Map: { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'small'] },
    Base64: { 'Fn::Base64': 'hello' },
    Zones: { 'Fn::Join': [',', { 'Fn::GetAZs': '' }] },
    Cidr: { 'Fn::Join': [' ', { 'Fn::Cidr': ['10.0.0.0/16', 3, 8] }] },
    Cidr6: { 'Fn::Select': [1, { 'Fn::Cidr': ['2001:db8::/48', 2, 64] }] },
  }
  const outputs = await evaluate(values, {
    Parameters: {
      P: { Type: 'String', Default: 'p' },
      List: { Type: 'CommaDelimitedList', Default: 'one, two' },
    },
    Conditions: {
      Yes: { 'Fn::Equals': [{ Ref: 'P' }, 'p'] },
      No: { 'Fn::Not': [{ Condition: 'Yes' }] },
      Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
      Either: { 'Fn::Or': [{ Condition: 'No' }, { Condition: 'Yes' }] },
    },
    Mappings: { Sizes: { 'us-east-1': { small: 't3' } } },
  })
  const q = outputs.Ref!
  expect(q).toMatch(/^q-\d+$/)
  expect(outputs).toEqual({
    Ref: q,
    Att: `arn:test:${q}`,
    AttText: `arn:test:${q}`,
    Sub: `${q} arn:test:${q} \${Literal} p`,
    SubMap: 'p-us-east-1',
    Join: 'a-p',
    JoinList: 'one|two',
    Select: 'two',
    Split: 'y',
    If: 'then',
    IfNot: 'else',
    Map: 't3',
    Base64: 'aGVsbG8=',
    Zones: 'us-east-1a,us-east-1b,us-east-1c',
    Cidr: '10.0.0.0/24 10.0.1.0/24 10.0.2.0/24',
    Cidr6: '2001:db8:0:1::/64',
  })
})

test('reads YAML with every short form', async () => {
  const yaml = `
AWSTemplateFormatVersion: 2010-09-09
Description: |
  Two lines
  of text
Parameters:
  Account: {Type: String, Default: 012345678901}
  Flag: {Type: String, Default: "yes"}
Mappings:
  M: {a: {b: c}}
Conditions:
  On: !Equals [!Ref Flag, "yes"]
  Off: !Not [!Condition On]
  All: !And [!Condition On, !Or [!Condition Off, !Equals [1, 1]]]
Resources:
  Q:
    Type: AWS::SQS::Queue
    Condition: All
    Properties:
      QueueName: !If [On, !Sub "a-\${Account}", !Ref AWS::NoValue]
      FifoQueue: !If [Off, true, !Ref AWS::NoValue]
Outputs:
  Account: {Value: !Ref Account}
  Name: {Value: !GetAtt Q.QueueName}
  Arn: {Value: !GetAtt [Q, Arn]}
  Mapped: {Value: !FindInMap [M, a, b]}
  Picked: {Value: !Select [0, !Split [",", "x,y"]]}
  Joined: {Value: !Join ["", [a, !Base64 b]]}
  Zone: {Value: !Select [0, !GetAZs ""]}
  Net: {Value: !Select [0, !Cidr [10.0.0.0/8, 1]]}
  Hidden: {Value: gone, Condition: Off}
`
  const stack = await stacks.create('yaml', yaml)
  expect(stack.Description).toBe('Two lines\nof text\n')
  expect(await stacks.outputs('yaml')).toMatchObject({
    Account: '012345678901',
    Name: 'a-012345678901',
    Mapped: 'c',
    Picked: 'x',
    Joined: 'aYg==',
    Zone: 'us-east-1a',
    Net: '10.0.0.0/24',
  })
  expect(Object.keys(await stacks.outputs('yaml'))).not.toContain('Hidden')
  const { TemplateBody } = await stacks.client.send(new GetTemplateCommand({ StackName: 'yaml' }))
  expect(TemplateBody).toBe(yaml)
})

describe('refuses', () => {
  const cases: [string, object | string, string][] = [
    [
      'broken JSON',
      '{"Resources": {',
      'ValidationError: Template format error: JSON not well-formed. (line 1, column 16)',
    ],
    [
      'broken YAML',
      'Resources:\n  A: [',
      'ValidationError: Template format error: YAML not well-formed. (line 2, column 7)',
    ],
    [
      'aliases',
      'Resources:\n  A: &a {Type: AWS::SQS::Queue}\n  B: *a',
      'ValidationError: Template error: YAML aliases are not allowed in CloudFormation templates',
    ],
    [
      'an unknown tag',
      'Resources:\n  A: !Nope x',
      'ValidationError: Template format error: unknown tag !Nope (line 2, column 12)',
    ],
    [
      'unknown sections',
      { ...withQueue({}), Extra: {} },
      'ValidationError: Invalid template property or properties [Extra]',
    ],
    [
      'another version',
      { ...withQueue({}), AWSTemplateFormatVersion: '2020-01-01' },
      'ValidationError: Template format error: 2020-01-01 is not a supported value for AWSTemplateFormatVersion.',
    ],
    [
      'no resources',
      { Resources: {} },
      'ValidationError: Template format error: At least one Resources member must be defined.',
    ],
    [
      'a resource without type',
      { Resources: { A: {} } },
      'ValidationError: Template format error: [/Resources/A] Every Resources object must contain a Type member.',
    ],
    [
      'unknown resource attributes',
      { Resources: { A: { Type: 'AWS::SQS::Queue', Props: {} } } },
      "ValidationError: Invalid template resource property 'Props'",
    ],
    [
      'unknown types',
      { Resources: { A: { Type: 'AWS::Nope::Thing' } } },
      'ValidationError: Template format error: Unrecognized resource types: [AWS::Nope::Thing]',
    ],
    [
      'odd logical ids',
      { Resources: { 'a-b': { Type: 'AWS::SQS::Queue' } } },
      'ValidationError: Template format error: Resource name a-b is non alphanumeric.',
    ],
    [
      'an unresolved Ref',
      withQueue({ QueueName: { Ref: 'Nobody' } }),
      'ValidationError: Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template',
    ],
    [
      'an unresolved Ref in an output',
      { ...withQueue({}), Outputs: { O: { Value: { Ref: 'Nobody' } } } },
      'ValidationError: Template format error: Unresolved resource dependencies [Nobody] in the Outputs block of the template',
    ],
    [
      'an unresolved GetAtt',
      withQueue({ QueueName: { 'Fn::GetAtt': ['Nobody', 'Arn'] } }),
      'ValidationError: Template error: instance of Fn::GetAtt references undefined resource Nobody',
    ],
    [
      'an unknown attribute',
      { ...withQueue({}), Outputs: { O: { Value: { 'Fn::GetAtt': ['Q', 'Colour'] } } } },
      'ValidationError: Template error: resource Q does not support attribute type Colour in Fn::GetAtt',
    ],
    [
      'a circle',
      {
        Resources: {
          A: { Type: 'AWS::SQS::Queue', DependsOn: 'B' },
          B: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'A' } } },
        },
      },
      'ValidationError: Circular dependency between resources: [A, B]',
    ],
    [
      'an unknown condition',
      { Resources: { A: { Type: 'AWS::SQS::Queue', Condition: 'C' } } },
      'ValidationError: Template format error: Unrecognized condition name: C',
    ],
    [
      'an unknown mapping',
      withQueue({ QueueName: { 'Fn::FindInMap': ['M', 'a', 'b'] } }),
      "ValidationError: Template error: Mapping named 'M' is not present in the 'Mappings' section of template.",
    ],
    [
      'a macro',
      withQueue({ QueueName: { 'Fn::Transform': { Name: 'X' } } }),
      'ValidationError: The embedded cloud does not support the transform X.',
    ],
    [
      'a transform',
      { ...withQueue({}), Transform: ['AWS::LanguageExtensions', 'Mine'] },
      'ValidationError: The embedded cloud does not support the transform Mine.',
    ],
    [
      'transforms in another order',
      { ...withQueue({}), Transform: ['AWS::Serverless-2016-10-31', 'AWS::LanguageExtensions'] },
      'ValidationError: Template error: the transform AWS::LanguageExtensions must be listed before AWS::Serverless-2016-10-31',
    ],
    [
      'serverless types without their transform',
      { Resources: { A: { Type: 'AWS::Serverless::SimpleTable' } } },
      'ValidationError: Template format error: Unrecognized resource types: [AWS::Serverless::SimpleTable]',
    ],
    [
      'a snapshot',
      { Resources: { A: { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Snapshot' } } },
      'ValidationError: The embedded cloud does not support DeletionPolicy Snapshot (resource A).',
    ],
    [
      'an unknown parameter type',
      { ...withQueue({}), Parameters: { P: { Type: 'Text' } } },
      'ValidationError: Template format error: Unrecognized parameter type: Text',
    ],
    [
      'a large body',
      { ...withQueue({}), Metadata: { x: 'y'.repeat(51_200) } },
      'Member must have length less than or equal to 51200',
    ],
    [
      'too many resources',
      {
        Resources: Object.fromEntries(
          Array.from({ length: 501 }, (_, i) => [`R${i}`, { Type: 'AWS::SQS::Queue' }]),
        ),
      },
      'ValidationError: Template format error: Number of resources, 501, is greater than maximum allowed, 500',
    ],
  ]
  test.each(cases)('%s', async (_, template, message) => {
    expect(await refusal(template)).toContain(message)
  })
})

describe('parameters', () => {
  const declared = (declaration: object) => ({ ...withQueue({}), Parameters: { P: declaration } })
  const given = (value: string) => ({ Parameters: [{ ParameterKey: 'P', ParameterValue: value }] })
  const cases: [object, object, string][] = [
    [{ Type: 'String' }, {}, 'Parameters: [P] must have values'],
    [
      { Type: 'String', Default: '' },
      { Parameters: [{ ParameterKey: 'X', ParameterValue: '' }] },
      'Parameters: [X] do not exist in the template',
    ],
    [{ Type: 'String', AllowedValues: ['a', 'b'] }, given('c'), "Parameter 'P' must be one of AllowedValues"],
    [{ Type: 'String', AllowedPattern: '[a-z]+' }, given('A1'), "Parameter 'P' must match pattern [a-z]+"],
    [
      { Type: 'String', AllowedPattern: '[a-z]+', ConstraintDescription: 'lower case only' },
      given('A1'),
      'Parameter P failed to satisfy constraint: lower case only',
    ],
    [{ Type: 'String', MinLength: 3 }, given('ab'), "Parameter 'P' must contain at least 3 characters"],
    [{ Type: 'String', MaxLength: 1 }, given('ab'), "Parameter 'P' must contain at most 1 characters"],
    [{ Type: 'Number' }, given('x'), "Parameter 'P' must be a number."],
    [{ Type: 'Number', MinValue: 5 }, given('4'), "Parameter 'P' must be a number not less than 5"],
    [{ Type: 'Number', MaxValue: 5 }, given('6'), "Parameter 'P' must be a number not greater than 5"],
    [{ Type: 'List<Number>' }, given('1,x'), "Parameter 'P' must be a number."],
    [
      { Type: 'AWS::SSM::Parameter::Value<String>' },
      given('/none'),
      'Unable to fetch parameters [/none] from parameter store for this account.',
    ],
  ]
  test.each(cases)('%j with %j', async (declaration, input, message) => {
    expect(await refusal(declared(declaration), input)).toBe(`ValidationError: ${message}`)
  })

  test('are read from the parameter store', async () => {
    const ssm = running.client(SSMClient)
    await ssm.send(new PutParameterCommand({ Name: '/app/names', Value: 'x,y', Type: 'StringList' }))
    const outputs = await evaluate(
      { First: { 'Fn::Select': [0, { Ref: 'P' }] }, Dynamic: '{{resolve:ssm:/app/names}}' },
      { Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/app/names' } } },
    )
    expect(outputs.First).toBe('x')
    const [parameter] = (await stacks.describe(`eval-${count}`)).Parameters!
    expect(parameter).toEqual({ ParameterKey: 'P', ParameterValue: '/app/names', ResolvedValue: 'x,y' })
  })
})

describe('what others would carry out', () => {
  const about = async (template: object) => {
    const TemplateBody = JSON.stringify(template)
    return [
      await stacks.client.send(new ValidateTemplateCommand({ TemplateBody })),
      await stacks.client.send(new GetTemplateSummaryCommand({ TemplateBody })),
    ] as const
  }
  const Parameters = { P: { Type: 'String', Default: 'x' } }

  test('a macro of the whole template is told and not run', async () => {
    for (const Transform of ['Mine', { Name: 'AWS::Include', Parameters: { Location: 's3://b/k' } }]) {
      const [valid, summary] = await about({ ...withQueue({}), Parameters, Transform })
      expect(valid).toMatchObject({
        DeclaredTransforms: [typeof Transform === 'string' ? Transform : Transform.Name],
        Capabilities: ['CAPABILITY_AUTO_EXPAND'],
        Parameters: [{ ParameterKey: 'P', DefaultValue: 'x' }],
      })
      expect(summary).toMatchObject({
        ResourceTypes: ['AWS::SQS::Queue'],
        Parameters: [{ ParameterKey: 'P' }],
      })
    }
  })

  test('what a macro stands in place of is no resource yet', async () => {
    const include = { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://b/k' } } }
    const [valid, summary] = await about({
      Resources: {
        ...withQueue({}).Resources,
        ...include,
        T: { Type: 'AWS::IAM::Role', Properties: include },
      },
    })
    expect(valid.DeclaredTransforms ?? []).toEqual([])
    expect(valid.Capabilities).toEqual(['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'])
    expect(summary.ResourceTypes).toEqual(['AWS::SQS::Queue', 'AWS::IAM::Role'])
    await about({ Resources: [], Transform: 'Mine', Parameters: { P: null }, Description: {} })
  })
})

test('resolves dynamic references on the way to the service', async () => {
  const ssm = running.client(SSMClient)
  await ssm.send(new PutParameterCommand({ Name: '/dyn', Value: 'fetched', Type: 'String' }))
  let seen: unknown
  queues.script = (_call, properties) => {
    seen = properties.QueueName
  }
  await stacks.create('dynamic', withQueue({ QueueName: 'a-{{resolve:ssm:/dyn}}-{{resolve:ssm:/dyn:1}}' }))
  expect(seen).toBe('a-fetched-fetched')
  expect(await refusal(withQueue({ QueueName: '{{resolve:ssm-secure:/dyn}}' }))).toMatch(/^ROLLBACK_COMPLETE/)
  const events = await stacks.events(`refused-${count}`)
  expect(events).toContain(
    'Q CREATE_FAILED SSM Secure reference is not supported in: [AWS::SQS::Queue/Properties/QueueName]',
  )
  queues.script = () => undefined
})

test('writes out the loops of the language extensions', async () => {
  const template = {
    Transform: 'AWS::LanguageExtensions',
    Parameters: { Names: { Type: 'CommaDelimitedList', Default: 'Red,Blue' } },
    Mappings: { M: { a: { b: 'c' } } },
    Resources: {
      'Fn::ForEach::Queues': [
        'Name',
        { Ref: 'Names' },
        {
          'Queue${Name}': { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Sub': 'q-${Name}' } } },
        },
      ],
    },
    Outputs: {
      Red: { Value: { 'Fn::GetAtt': ['QueueRed', 'QueueName'] } },
      Count: { Value: { 'Fn::Length': { Ref: 'Names' } } },
      Json: { Value: { 'Fn::ToJsonString': { a: [1, { Ref: 'AWS::Region' }] } } },
      Default: { Value: { 'Fn::FindInMap': ['M', 'x', 'y', { DefaultValue: 'd' }] } },
    },
  }
  expect(await refusal(template)).toBe(
    'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_AUTO_EXPAND]',
  )
  await stacks.create('loops', template, { Capabilities: ['CAPABILITY_AUTO_EXPAND'] })
  expect(await stacks.outputs('loops')).toEqual({
    Red: 'q-Red',
    Count: '2',
    Json: '{"a":[1,"us-east-1"]}',
    Default: 'd',
  })
  const { TemplateBody } = await stacks.client.send(
    new GetTemplateCommand({ StackName: 'loops', TemplateStage: 'Processed' }),
  )
  expect(Object.keys(JSON.parse(TemplateBody!).Resources)).toEqual(['QueueRed', 'QueueBlue'])
})

test('asks for the capabilities that a template needs', async () => {
  const role = (properties: object) => ({
    Resources: { R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {}, ...properties } } },
  })
  const names = 'InsufficientCapabilitiesException: Requires capabilities : '
  expect(await refusal(role({ RoleName: 'x' }))).toBe(`${names}[CAPABILITY_NAMED_IAM]`)
  expect(await refusal(role({ RoleName: 'x' }), { Capabilities: ['CAPABILITY_IAM'] })).toBe(
    `${names}[CAPABILITY_NAMED_IAM]`,
  )
  expect(await refusal(role({}))).toBe(`${names}[CAPABILITY_IAM]`)
})

test('tells what a template holds without making anything', async () => {
  const template = {
    Description: 'all of it',
    Parameters: {
      P: { Type: 'String', Default: 'x', NoEcho: true, Description: 'a value', AllowedValues: ['x', 'y'] },
    },
    Resources: {
      R: { Type: 'AWS::IAM::User', Properties: { UserName: 'u' } },
      Q: { Type: 'AWS::SQS::Queue' },
    },
  }
  const body = { TemplateBody: JSON.stringify(template) }
  expect(await stacks.client.send(new ValidateTemplateCommand(body))).toMatchObject({
    Description: 'all of it',
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    CapabilitiesReason: 'The following resource(s) require capabilities: [AWS::IAM::User]',
    Parameters: [{ ParameterKey: 'P', DefaultValue: 'x', NoEcho: true, Description: 'a value' }],
  })
  expect(await stacks.client.send(new GetTemplateSummaryCommand(body))).toMatchObject({
    ResourceTypes: ['AWS::IAM::User', 'AWS::SQS::Queue'],
    Parameters: [{ ParameterType: 'String', ParameterConstraints: { AllowedValues: ['x', 'y'] } }],
  })
  await expect(stacks.client.send(new ValidateTemplateCommand({}))).rejects.toThrow(
    'Either Template URL or Template Body must be specified.',
  )
})
