/** Names of Object.prototype are names like any other: at every door that takes names of users. */

import {
  CreateChangeSetCommand,
  DescribeStacksCommand,
  ListExportsCommand,
} from '@aws-sdk/client-cloudformation'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge'
import {
  CreateRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { describe, expect, test } from 'vitest'
import { prove, readLandscape } from '../../src/access/index.ts'
import { open, pack } from '../../src/cloud/machine/archive.ts'
import { parseBuildspec } from '../../src/cloud/services/codebuild/engine/buildspec.ts'
import { type FleetErrors, parseFleet } from '../../src/fleet/index.ts'
import { compile } from '../../src/iam/index.ts'
import { supposedPolicy } from '../../src/model/index.ts'
import { readDocument } from '../../src/template/index.ts'
import { startTestCloud } from '../conformance/cloud.ts'
import { driveStacks } from '../conformance/cloudformation/stack-driver.ts'

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
/** Those that are alphanumeric, as logical names must be. */
const WORDS = NAMES.filter((name) => name !== '__proto__')

const running = await startTestCloud()
const { client } = running
const stacks = driveStacks(running)
const cloudFormation = stacks.client
let count = 0

/** A map with one entry, own even when it is named `__proto__`. */
const named = <T>(name: string, value: T): Record<string, T> => Object.fromEntries([[name, value]])

const topic = (properties: object = {}) => ({ Type: 'AWS::SNS::Topic', Properties: properties })

/** The refusal of a template, why its stack failed, or the outputs of its stack. */
async function outcome(template: object, input: object = {}): Promise<string | Record<string, string>> {
  const name = `odd-${++count}`
  try {
    const { StackStatus } = await stacks.create(name, template as never, input)
    if (StackStatus === 'CREATE_COMPLETE') return await stacks.outputs(name)
    return (await stacks.events(name)).join('\n')
  } catch (error) {
    return (error as Error).message
  }
}

describe.each(NAMES)('%s', (name) => {
  test.each([
    ['Ref', { Ref: name }],
    ['Fn::GetAtt of a resource', { 'Fn::GetAtt': [name, 'Arn'] }],
    ['Fn::GetAtt of an attribute', { 'Fn::GetAtt': ['T', name] }],
    ['Fn::Sub', { 'Fn::Sub': `\${${name}}` }],
    ['Fn::Sub of an attribute', { 'Fn::Sub': `\${T.${name}}` }],
    ['Fn::If', { 'Fn::If': [name, 'a', 'b'] }],
    ['Fn::FindInMap', { 'Fn::FindInMap': [name, 'a', 'b'] }],
    ['Fn::FindInMap, a key', { 'Fn::FindInMap': ['M', name, 'b'] }],
    ['Fn::FindInMap, a name', { 'Fn::FindInMap': ['M', 'a', name] }],
    ['a function', named(name, 'x')],
  ])('is unknown to a template: %s', async (_what, value) => {
    const Mappings = { M: { a: { b: 'c' } } }
    const refused = await outcome({ Mappings, Resources: { T: topic({ DisplayName: value }) } })
    expect(refused).toMatch(
      /[Tt]emplate|Unresolved|does not exist|not found|does not support|ROLLBACK|Invalid|expected type/,
    )
    expect(typeof refused).toBe('string')
  })

  test('is no resource, condition, property or parameter that is there', async () => {
    expect(await outcome({ Resources: { T: { ...topic(), DependsOn: name } } })).toMatch(/Unresolved/)
    expect(await outcome({ Resources: { T: { ...topic(), Condition: name } } })).toMatch(/[Cc]ondition/)
    expect(typeof (await outcome({ Resources: { T: topic(named(name, 'x')) } }))).toBe('string')
    const Parameters = [{ ParameterKey: name, ParameterValue: 'x' }]
    expect(await outcome({ Resources: { T: topic() } }, { Parameters })).toMatch(
      /do not exist in the template/,
    )
    const TemplateBody = JSON.stringify({ Resources: { T: { ...topic(), DependsOn: name } } })
    const changeSet = {
      StackName: `odd-${++count}`,
      ChangeSetName: 'x',
      ChangeSetType: 'CREATE' as const,
      TemplateBody,
    }
    await expect(cloudFormation.send(new CreateChangeSetCommand(changeSet))).rejects.toThrow('Unresolved')
  })

  test('is a name for exports and tags', async () => {
    const Outputs = { O: { Value: 'exported', Export: { Name: `${name}-x` } } }
    const Tags = [{ Key: name, Value: 'tagged' }]
    expect(await outcome({ Resources: { T: topic() }, Outputs }, { Tags })).toEqual({ O: 'exported' })
    const { Exports } = await cloudFormation.send(new ListExportsCommand({}))
    expect(Exports).toContainEqual(expect.objectContaining({ Name: `${name}-x`, Value: 'exported' }))
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: `odd-${count}` }))
    expect(Stacks![0]!.Tags).toEqual(Tags)
  })

  test('is a name for metadata of an object', async () => {
    const s3 = client(S3Client, { forcePathStyle: true })
    const Bucket = `odd-${++count}`
    await s3.send(new CreateBucketCommand({ Bucket }))
    await s3.send(
      new PutObjectCommand({ Bucket, Key: name, Body: 'x', Metadata: named(name.toLowerCase(), 'kept') }),
    )
    // Looked at on the wire: the SDK itself assigns what it reads to a plain object.
    let headers: Record<string, string> = {}
    s3.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args)
        headers = (answer.response as { headers: Record<string, string> }).headers
        return answer
      },
      { step: 'deserialize', priority: 'low' },
    )
    await s3.send(new HeadObjectCommand({ Bucket, Key: name }))
    expect(headers[`x-amz-meta-${name.toLowerCase()}`]).toBe('kept')
  })

  test('is a name for a parameter, a role, its policy and its tags', async () => {
    const ssm = client(SSMClient)
    await expect(ssm.send(new GetParameterCommand({ Name: name }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    })
    await ssm.send(new PutParameterCommand({ Name: name, Value: 'kept', Type: 'String' }))
    expect((await ssm.send(new GetParameterCommand({ Name: name }))).Parameter?.Value).toBe('kept')
    const iam = client(IAMClient)
    const trust = {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] })
    const Tags = [{ Key: name, Value: 'kept' }]
    await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument, Tags }))
    expect((await iam.send(new ListRoleTagsCommand({ RoleName: name }))).Tags).toEqual(Tags)
    const policy = { RoleName: name, PolicyName: name }
    await expect(iam.send(new GetRolePolicyCommand(policy))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    })
    const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }]
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }))
    expect((await iam.send(new GetRolePolicyCommand(policy))).PolicyName).toBe(name)
  })

  test('is a name for the tags of a log group', async () => {
    const logs = client(CloudWatchLogsClient)
    const logGroupName = `odd-${++count}`
    await logs.send(new CreateLogGroupCommand({ logGroupName, tags: named(name, 'kept') }))
    const resourceArn = `arn:aws:logs:us-east-1:111111111111:log-group:${logGroupName}`
    const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn }))
    expect(Object.entries(tags ?? {})).toEqual([[name, 'kept']])
  })

  test('is a field of events, and no match expression', async () => {
    const events = client(EventBridgeClient)
    const event = {
      id: '1',
      account: '1',
      source: 'x',
      time: '2024-01-01T00:00:00Z',
      region: 'x',
      resources: [],
    }
    const Event = JSON.stringify({ ...event, 'detail-type': 'x', detail: named(name, 'y') })
    const ask = (detail: object) =>
      events.send(new TestEventPatternCommand({ Event, EventPattern: JSON.stringify({ detail }) }))
    expect((await ask(named(name, ['y']))).Result).toBe(true)
    expect((await ask(named(`${name}x`, ['y']))).Result).toBe(false)
    await expect(ask({ a: [named(name, 'y')] })).rejects.toMatchObject({
      name: 'InvalidEventPatternException',
    })
  })

  test('is no condition operator, and an absent condition key', () => {
    const document = (Condition: object) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition }],
      })
    expect(() => compile(document(named(name, { 'aws:x': 'b' })), supposedPolicy('p'))).toThrow(name)
    expect(() => compile(document({ StringLike: named(name, '*') }), supposedPolicy('p'))).toThrow(name)
  })

  test('is a name in a buildspec and in an archive', async () => {
    const env = { variables: named(name, 'kept') }
    const phases = { build: { commands: ['true'] } }
    const buildspec = {
      version: 0.2,
      env,
      phases,
      artifacts: { files: ['a'], 'secondary-artifacts': named(name, { files: ['b'] }) },
    }
    const read = parseBuildspec(JSON.stringify(buildspec))
    expect(Object.entries(read.variables)).toEqual([[name, 'kept']])
    expect(Object.keys(read.secondaryArtifacts)).toEqual([name])
    const packed = pack([{ name, content: Buffer.from('kept') }])
    if (name === '__proto__') return expect(packed).rejects.toThrow('unsafe name')
    const files = await open(await packed)
    expect(Buffer.from(files.get(name)!.content).toString()).toBe('kept')
  })

  test('is no part of a template that the proof reads', () => {
    const value = [
      { Ref: name },
      { 'Fn::Sub': `\${${name}}` },
      { 'Fn::GetAtt': [name, 'Arn'] },
      { 'Fn::FindInMap': [name, 'a', 'b'] },
    ]
    const Resources = {
      T: { ...topic(named(name, value)), DependsOn: name, Condition: name },
      B: { Type: name },
    }
    const template = readDocument(JSON.stringify({ Resources, Outputs: { O: { Value: value[3] } } })).template
    const landscape = readLandscape([
      { stack: 'x', target: { account: '111111111111', region: 'us-east-1' }, template },
    ])
    expect(() => prove(landscape)).not.toThrow()
    expect(JSON.stringify(landscape)).not.toContain('native code')
  })
})

describe('fleet files', () => {
  const fleet = (environments: object, stages: unknown[], more: object = {}) =>
    JSON.stringify({
      fleet: 'odd',
      hub: { account: '111111111111', region: 'us-east-1' },
      environments,
      pipelines: {
        one: {
          source: { github: 'a/b', branch: 'main' },
          deploy: [{ cloudformation: { template: 't.yaml' } }],
          stages,
        },
      },
      ...more,
    })
  const place = { account: '222222222222', regions: ['us-east-1'] }
  const refusal = (text: string): string => {
    try {
      parseFleet(text, 'crossdock.yaml')
    } catch (error) {
      return String((error as FleetErrors).message)
    }
    return ''
  }

  test.each(NAMES)('%s is no environment that is there, nor a key', (name) => {
    expect(refusal(fleet({ dev: place }, [name]))).toContain(`\`${name}\``)
    expect(refusal(fleet({ dev: place }, ['dev'], named(name, 1)))).toContain(`\`${name}\``)
  })

  test('an environment, a pipeline or a tag named __proto__ is told, not left out', () => {
    expect(refusal(fleet(named('__proto__', place), ['__proto__']))).toContain(
      'nothing can be named `__proto__`',
    )
    expect(refusal(fleet({ dev: place }, ['dev'], { tags: named('__proto__', 'x') }))).toContain(
      'crossdock.yaml:1:',
    )
  })

  test.each(WORDS)('%s is a tag', (name) => {
    expect(
      parseFleet(fleet({ dev: place }, ['dev'], { tags: named(name, 'x') }), 'crossdock.yaml').tags,
    ).toEqual(named(name, 'x'))
  })

  test('the first of many errors are told, and how many more there are', () => {
    const unknown = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, 1]))
    const told = refusal(fleet({ dev: place }, ['dev'], unknown))
    expect(told.match(/unknown key/g)).toHaveLength(20)
    expect(told).toMatch(/\nand 19,980 more$/)
  })
})
