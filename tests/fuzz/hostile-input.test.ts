/** Input that once stopped the cloud or made it answer InternalFailure: each is refused in words. */
import { CreateChangeSetCommand, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { describe, expect, test } from 'vitest'
import { templateText } from '../../src/cli/named-file.ts'
import { parseBuildspec } from '../../src/cloud/services/codebuild/engine/buildspec.ts'
import { parseFleet } from '../../src/fleet/index.ts'
import { validate } from '../../src/iam/index.ts'
import { startTestCloud } from '../conformance/cloud.ts'
import { driveStacks } from '../conformance/cloudformation/stack-driver.ts'

const running = await startTestCloud()
const { client } = running
const stacks = driveStacks(running)
const topic = { Type: 'AWS::SNS::Topic' }
const refusal = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'no refusal',
    (error: Error) => `${error.name}: ${error.message}`,
  )
let count = 0
const create = (template: object | string, input: object = {}): Promise<string> =>
  refusal(stacks.create(`hostile-${++count}`, template as never, input))
const changeSet = (template: object): Promise<string> =>
  refusal(
    stacks.client.send(
      new CreateChangeSetCommand({
        StackName: `hostile-${++count}`,
        ChangeSetName: 'one',
        ChangeSetType: 'CREATE',
        TemplateBody: JSON.stringify(template),
      }),
    ),
  )

/** Takes more steps than there are nanoseconds in a century, if it is tried out. */
const VALUE = `${'a'.repeat(60)}!`

describe('patterns', () => {
  const withPattern = (AllowedPattern: unknown, more: object = {}) => ({
    Parameters: { P: { Type: 'String', Default: VALUE, AllowedPattern, ...more } },
    Resources: { T: topic },
  })

  test('of a template that would take for ever', async () => {
    expect(await create(withPattern('(a+)+$'))).toBe(
      "ValidationError: Parameter 'P' must match pattern (a+)+$",
    )
    expect(await create(withPattern('(?=a)(a+)+$'))).toMatch(
      /^ValidationError: .*AllowedPattern '\(\?=a\)\(a\+\)\+\$' of parameter 'P' takes too long to match/,
    )
  })

  test.each(['((', '[', '*a', 'a++', 7, ['a'], { a: 1 }])(
    'of a template that are none: %j',
    async (pattern) => {
      expect(await create(withPattern(pattern))).toMatch(
        /^ValidationError: Template format error: .*AllowedPattern/,
      )
      const TemplateBody = JSON.stringify(withPattern(pattern))
      expect(await refusal(stacks.client.send(new ValidateTemplateCommand({ TemplateBody })))).toMatch(
        /^ValidationError/,
      )
    },
  )

  test('of a parameter', async () => {
    const ssm = client(SSMClient)
    const put = (AllowedPattern: string) =>
      refusal(ssm.send(new PutParameterCommand({ Name: 'p', Value: VALUE, Type: 'String', AllowedPattern })))
    expect(await put('^(a+)+$')).toMatch(/^ParameterPatternMismatchException/)
    expect(await put('^(?=a)(a+)+$')).toMatch(/^ParameterPatternMismatchException/)
    expect(await put('((')).toMatch(/^InvalidAllowedPatternException/)
    expect(await put('(?=.*!$)a+!')).toBe('no refusal')
  })

  test('of log filters', async () => {
    const logs = client(CloudWatchLogsClient)
    const at = { logGroupName: 'hostile', logStreamName: 'one' }
    await logs.send(new CreateLogGroupCommand(at))
    await logs.send(new CreateLogStreamCommand(at))
    const messages = [VALUE, JSON.stringify({ a: VALUE })]
    const logEvents = messages.map((message) => ({ message, timestamp: running.cloud.clock.now() }))
    await logs.send(new PutLogEventsCommand({ ...at, logEvents }))
    const found = async (filterPattern: string) =>
      (await logs.send(new FilterLogEventsCommand({ logGroupName: 'hostile', filterPattern }))).events?.length
    expect(await found('%^(a+)+$%')).toBe(0)
    expect(await found('{ $.a = %^(a+)+$% }')).toBe(0)
    expect(await found(`{ $.a = "${'*a'.repeat(40)}b" }`)).toBe(0)
    expect(await found('{ $.a = %^a+!$% }')).toBe(1)
    expect(await refusal(found('%((%'))).toMatch(/^InvalidParameterException/)
    expect(await refusal(found('%[a-z]{1,1000}%'))).toMatch(/^InvalidParameterException/)
  })

  test('of a model against the values of callers', async () => {
    const iam = client(IAMClient)
    const role = { RoleName: 'x', AssumeRolePolicyDocument: '{}' }
    const PermissionsBoundary = `arn:aws${'-a'.repeat(2000)}!`
    expect(await refusal(iam.send(new CreateRoleCommand({ ...role, PermissionsBoundary })))).toMatch(
      /ValidationError/,
    )
  })
})

describe('templates', () => {
  test.each([
    [
      'AllowedValues that are no list',
      { Parameters: { P: { Type: 'String', Default: 'a', AllowedValues: 'a' } } },
    ],
    [
      'AllowedValues that are a map',
      { Parameters: { P: { Type: 'String', Default: 'a', AllowedValues: { a: 1 } } } },
    ],
    ['a parameter that is null', { Parameters: { P: null } }],
    ['a mapping of texts', { Mappings: { M: { a: 'b' } } }],
    ['an output that is a list', { Outputs: { O: [1] } }],
    [
      'a resource without Type that a GetAtt names',
      {
        Resources: { A: {}, T: { ...topic, Properties: { DisplayName: { 'Fn::GetAtt': ['A', 'Arn'] } } } },
      },
    ],
    ['a resource that is a text', { Resources: { A: 'x', T: { ...topic, DependsOn: 'A' } } }],
    [
      'a condition of itself',
      { Conditions: { C: { Condition: 'C' } }, Resources: { T: { ...topic, Condition: 'C' } } },
    ],
    [
      'conditions of each other',
      {
        Conditions: { C: { 'Fn::Not': [{ Condition: 'D' }] }, D: { 'Fn::Not': [{ Condition: 'C' }] } },
        Resources: { T: { ...topic, Condition: 'C' } },
      },
    ],
    [
      'a resource that refers to itself',
      { Resources: { T: { ...topic, Properties: { DisplayName: { Ref: 'T' } } } } },
    ],
    [
      'a resource with its own attribute',
      {
        Resources: { T: { ...topic, Properties: { DisplayName: { 'Fn::GetAtt': ['T', 'TopicName'] } } } },
      },
    ],
    [
      'a resource within its own text',
      {
        Resources: { T: { ...topic, Properties: { DisplayName: { 'Fn::Sub': '${T.TopicName}' } } } },
      },
    ],
    ['a resource that depends on itself', { Resources: { T: { ...topic, DependsOn: 'T' } } }],
  ])('%s', async (_what, part) => {
    const template = { Resources: { T: topic }, ...part }
    expect(await create(template)).toMatch(/^ValidationError/)
    expect(await changeSet(template)).toMatch(/^ValidationError/)
  })
})

describe('what is nested ten thousand levels deep', () => {
  const DEEP = 10_000
  const json = (inner: string) => '{"a":'.repeat(DEEP) + inner + '}'.repeat(DEEP)
  const list = '['.repeat(DEEP) + ']'.repeat(DEEP)
  const blocks = `${Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')} 1`
  const texts = [json('1'), list, '['.repeat(DEEP), '{a: '.repeat(DEEP), `${'- '.repeat(DEEP)}x`, blocks]
  const templates = texts.flatMap((text) => [
    text,
    `{"Resources":{"T":{"Type":"AWS::SNS::Topic","Properties":{"DisplayName":${text}}}}}`,
    `Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties: ${text}`,
  ])

  test('is no template', async () => {
    for (const TemplateBody of templates) {
      if (TemplateBody.length < 51_200)
        expect(await refusal(stacks.client.send(new ValidateTemplateCommand({ TemplateBody })))).toMatch(
          /^ValidationError/,
        )
      expect(() => templateText(TemplateBody, 't.yaml')).toThrow(
        /nested too deeply|no Resources|no YAML or JSON/,
      )
    }
  })

  test.each(texts)('is no fleet file, buildspec, policy or pattern: %.10s', async (text) => {
    expect(() => parseFleet(text, 'crossdock.yaml')).toThrow(/nested too deeply/)
    expect(() => parseBuildspec(text)).toThrow(/YAML_FILE_ERROR/)
    expect(validate(text, 'identity')[0]).toMatch(/not JSON/)
    const EventPattern = text.slice(0, 4000)
    const rule = new PutRuleCommand({ Name: 'hostile', EventPattern })
    expect(await refusal(client(EventBridgeClient).send(rule))).toMatch(/^InvalidEventPatternException/)
  })
})
