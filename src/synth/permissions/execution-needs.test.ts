import { describe, expect, it } from 'vitest'
import type { Template } from '../../model/index.ts'
import { handledType, handledTypes, parseTemplate as parse } from '../../template/index.ts'
import { ApplicationTemplate, capabilitiesOf } from './application-template.ts'
import { executionNeeds } from './execution-needs.ts'

/** AWS: what begins with a brace is JSON; here it is YAML in one line. */
const parseTemplate = (text: string) => parse(`---\n${text}`) as unknown as Template

const ROLE = 'arn:aws:iam::222222222222:role/crossdock/crossdock-acme-orders-cloudformation'

/** What CloudFormation needs for a template, as `action resource` lines. */
function needsOf(template: string, parameters: Record<string, string> = {}): string[] {
  const { needs } = executionNeeds(ROLE, {
    template: parseTemplate(template),
    parameters,
    account: '222222222222',
    region: 'eu-west-1',
    stack: 'orders',
  })
  return needs.map(({ action, resource }) => `${action} ${resource}`)
}

describe('the permissions of a template', () => {
  it('are narrowed by the name a property gives', () => {
    const needs = needsOf(
      'Resources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub "${AWS::StackName}-in" } } }',
    )
    expect(needs).toContain('sqs:CreateQueue arn:aws:sqs:eu-west-1:222222222222:orders-in')
    expect(needs.some((one) => one.endsWith('*'))).toBe(false)
  })

  it('are narrowed by the name that CloudFormation makes up', () => {
    const needs = needsOf('Resources: { Files: { Type: AWS::S3::Bucket } }')
    expect(needs).toContain('s3:CreateBucket arn:aws:s3:::orders-files-*')
    expect(needs.join()).not.toMatch(/PutEncryptionConfiguration/)
  })

  it('know parameters, defaults and both branches of a condition', () => {
    const template = `
      Parameters: { Stage: { Type: String }, Kind: { Type: String, Default: plain }, Open: { Type: String } }
      Conditions: { X: !Equals [!Ref Open, x] }
      Resources:
        T: { Type: AWS::SNS::Topic, Properties: { TopicName: !Join ["-", [!Ref Stage, !Ref Kind]] } }
        U: { Type: AWS::SNS::Topic, Properties: { TopicName: !If [X, one, !Ref AWS::NoValue] } }`
    const needs = needsOf(template, { Stage: 'prod' })
    expect(needs).toContain('sns:CreateTopic arn:aws:sns:eu-west-1:222222222222:prod-plain')
    expect(needs).toContain('sns:CreateTopic arn:aws:sns:eu-west-1:222222222222:one')
  })

  it('pass a role of the template to the service that gets it, and to no other', () => {
    const { needs } = executionNeeds(ROLE, {
      template: parseTemplate(`
        Resources:
          Role: { Type: AWS::IAM::Role, Properties: { Path: /app/, AssumeRolePolicyDocument: {} } }
          F: { Type: AWS::Lambda::Function, Properties: { Role: !GetAtt Role.Arn, Code: {} } }`),
      parameters: {},
      account: '222222222222',
      region: 'eu-west-1',
      stack: 'orders',
    })
    expect(needs.filter(({ action }) => action === 'iam:PassRole')).toEqual([
      {
        principal: ROLE,
        action: 'iam:PassRole',
        resource: 'arn:aws:iam::222222222222:role/app/orders-Role-*',
        context: { 'iam:PassedToService': 'lambda.amazonaws.com' },
        because: 'to pass on the role of F of the stack orders',
        origin: { kind: 'resource', stack: 'orders', logicalId: 'F', phase: 'pass' },
      },
    ])
  })

  it('cut a made-up name as AWS cuts it', () => {
    const id = 'AFunctionWhoseLogicalIdIsQuiteLongIndeedAndThenSome'
    const [first] = needsOf(`Resources: { ${id}: { Type: AWS::Lambda::Function, Properties: { Code: {} } } }`)
    expect(first).toBe(
      'lambda:CreateFunction arn:aws:lambda:eu-west-1:222222222222:function:orders-AFunctionWhoseLogicalIdIsQuiteLongIndeedAndT-*',
    )
  })

  it('say which types are unknown instead of widening', () => {
    const { needs, unknownTypes } = executionNeeds(ROLE, {
      template: parseTemplate('Resources: { X: { Type: AWS::Wonder::Thing } }'),
      parameters: {},
      account: '222222222222',
      region: 'eu-west-1',
      stack: 'orders',
    })
    expect(unknownTypes).toEqual(['AWS::Wonder::Thing'])
    expect(needs).toEqual([])
  })

  it.each(handledTypes())('of %s name real actions and their source', (type) => {
    const { grants, source, read } = handledType(type)!
    expect(source).toMatch(/^https:\/\/(docs\.aws\.amazon\.com\/.+\.html|github\.com\/.+\.(json|md))$/)
    if (source.startsWith('https://github.com/')) expect(source).toContain(`/blob/${read}/`)
    expect(read).toMatch(/^([0-9a-f]{12}|2026-\d\d-\d\d)$/)
    for (const { on, create, read, update, delete: deletes, tag } of grants) {
      expect(on).toMatch(/^(\*|arn:aws:[a-z0-9-]+:.+|\{(key|object):[\w.[\]/]+\})$/)
      for (const action of [create, read, update, deletes, tag].flatMap((one) => one ?? []))
        expect(action).toMatch(/^[a-z0-9-]+:[A-Z][A-Za-z]+$/)
    }
  })
})

it.each([
  ['Resources: { Q: { Type: AWS::SQS::Queue } }', []],
  ['Resources: { R: { Type: AWS::IAM::Role } }', ['CAPABILITY_IAM']],
  ['Resources: { R: { Type: AWS::IAM::Role, Properties: { RoleName: r } } }', ['CAPABILITY_NAMED_IAM']],
  ['{ Transform: AWS::Serverless-2016-10-31, Resources: {} }', ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND']],
])('capabilities of %s', (template, capabilities) => {
  const parsed = parseTemplate(template)
  const transforms = parsed.Transform ? [String(parsed.Transform)] : []
  expect(capabilitiesOf({ template: parsed, transforms })).toEqual(capabilities)
})

it.each([
  ['Resources: [', /./],
  ['Description: nothing', /it has no Resources/],
])('a broken template %s is refused', (template, message) => {
  expect(() => new ApplicationTemplate(template)).toThrow(message)
})

describe('a resource that left the template', () => {
  const around = {
    template: parseTemplate('Resources: { T: { Type: AWS::SNS::Topic } }'),
    parameters: {},
    account: '222222222222',
    region: 'eu-west-1',
    stack: 'orders',
  }

  it('may be read and deleted under its name, and nothing else', () => {
    const removed = { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'in' } } }
    const { needs } = executionNeeds(ROLE, { ...around, removed })
    const queue = needs.filter(({ action }) => action.startsWith('sqs:'))
    expect(queue.map(({ action }) => action)).toEqual([
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:DeleteQueue',
    ])
    expect(new Set(queue.map(({ resource }) => resource))).toEqual(
      new Set(['arn:aws:sqs:eu-west-1:222222222222:in']),
    )
  })

  it('is named when its type is not known', () => {
    const { unknownTypes } = executionNeeds(ROLE, {
      ...around,
      removed: { X: { Type: 'AWS::Odd::Thing' } },
    })
    expect(unknownTypes).toEqual(['AWS::Odd::Thing'])
  })
})

describe('labels', () => {
  const queue = 'Resources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: in } } }'
  const tagging = (template: string, tagged = false) =>
    executionNeeds(ROLE, {
      template: parseTemplate(template),
      parameters: {},
      account: '222222222222',
      region: 'eu-west-1',
      stack: 'orders',
      tagged,
    }).needs.filter(({ phase }) => phase === 'tag').length

  it('are not granted where neither template nor stack nor CloudFormation sets any', () => {
    expect(tagging(queue)).toBe(0)
    expect(tagging(queue, true)).toBe(3)
    expect(tagging(queue.replace('QueueName: in', 'Tags: []'))).toBe(3)
    expect(tagging('Resources: { T: { Type: AWS::SNS::Topic } }')).toBe(3)
  })
})

describe('a made-up name', () => {
  const group = (stack: string) =>
    executionNeeds(ROLE, {
      template: parseTemplate('Resources: { Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup } }'),
      parameters: {},
      account: '222222222222',
      region: 'eu-west-1',
      stack,
    }).needs.find(({ action }) => action.endsWith(':CreateTargetGroup'))!.resource

  it('keeps five characters of the stack for a target group', () => {
    expect(group('orders')).toBe('arn:aws:elasticloadbalancing:eu-west-1:222222222222:targetgroup/order*/*')
  })
})

describe('what a resource refers to', () => {
  it('is named by the path of a role, and by the alias of a function', () => {
    const needs = needsOf(`
      Resources:
        P: { Type: AWS::IAM::Policy, Properties: { Roles: [!Ref R] } }
        R: { Type: AWS::IAM::Role, Properties: { RoleName: worker, Path: /apps/ } }
        F: { Type: AWS::Lambda::Function, Properties: { FunctionName: worker } }
        L: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref F, Name: live } }
        M: { Type: AWS::Lambda::Permission, Properties: { FunctionName: !Ref L } }`)
    expect(needs).toContain('iam:PutRolePolicy arn:aws:iam::222222222222:role/apps/worker')
    expect(needs).toContain('lambda:AddPermission arn:aws:lambda:eu-west-1:222222222222:function:worker:live')
  })

  it('is a key of which nothing but its kind is known', () => {
    const key = (given: string) =>
      needsOf(
        `Resources: { K: { Type: AWS::KMS::Key }, M: { Type: AWS::Lambda::EventSourceMapping, Properties: { KmsKeyArn: ${given} } } }`,
      ).find((need) => need.startsWith('kms:GenerateDataKey '))
    const one = 'arn:aws:kms:eu-west-1:333333333333:key/1a2b3c4d-1111-2222-3333-444455556666'
    expect(key(one)).toBe(`kms:GenerateDataKey ${one}`)
    expect(key('!GetAtt K.Arn')).toBe('kms:GenerateDataKey arn:aws:kms:eu-west-1:222222222222:key/*')
  })

  it('is who answers for a custom resource, a function or a topic', () => {
    const calls = (token: string) =>
      needsOf(`Resources: { C: { Type: Custom::Thing, Properties: { ServiceToken: ${token} } } }`)
    expect(new Set(calls('arn:aws:lambda:eu-west-1:222222222222:function:maker'))).toEqual(
      new Set(['lambda:InvokeFunction arn:aws:lambda:eu-west-1:222222222222:function:maker']),
    )
    expect(new Set(calls('arn:aws:sns:eu-west-1:222222222222:makers'))).toEqual(
      new Set(['sns:Publish arn:aws:sns:eu-west-1:222222222222:makers']),
    )
  })
})

it('a type whose resources others make is reported, and granted what it takes itself', () => {
  const { needs, unknownTypes } = executionNeeds(ROLE, {
    template: parseTemplate('Resources: { Nested: { Type: AWS::CloudFormation::Stack } }'),
    parameters: {},
    account: '222222222222',
    region: 'eu-west-1',
    stack: 'orders',
  })
  expect(unknownTypes).toEqual(['AWS::CloudFormation::Stack'])
  expect(needs.map(({ action }) => action)).toContain('cloudformation:CreateStack')
})
