/** Custom resources answer as AWS's samples do: at an address of AWS's, taken apart into host and path. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'

const running = await startTestCloud()
const Capabilities = ['CAPABILITY_IAM' as const]
const told: string[] = []
running.cloud.failures.listen(({ what, message }) => told.push(`${what}: ${message}`))

const NODE = `
const { request } = require('node:https')
const bodyOf = (event, style) => JSON.stringify({
  Status: 'SUCCESS', PhysicalResourceId: style, StackId: event.StackId, RequestId: event.RequestId,
  LogicalResourceId: event.LogicalResourceId, Data: { Host: new URL(event.ResponseURL).host },
})`

const PYTHON = `
import json
from urllib.parse import urlparse
def body_of(event, style):
    return json.dumps({'Status': 'SUCCESS', 'PhysicalResourceId': style, 'StackId': event['StackId'],
        'RequestId': event['RequestId'], 'LogicalResourceId': event['LogicalResourceId'],
        'Data': {'Host': urlparse(event['ResponseURL']).netloc}}).encode()
`

const NODE_STYLES = {
  Request: `${NODE}
exports.handler = (event, context) => {
  const body = bodyOf(event, 'Request')
  const { hostname, pathname, search } = new URL(event.ResponseURL)
  const options = { hostname, port: 443, path: pathname + search, method: 'PUT', headers: { 'content-type': '', 'content-length': body.length } }
  const sending = request(options, () => context.done())
  sending.on('error', (error) => context.done(error))
  sending.write(body)
  sending.end()
}`,
  Plain: `${NODE}
exports.handler = (event, context) => {
  const body = bodyOf(event, 'Plain')
  const { hostname, pathname, search } = new URL(event.ResponseURL)
  const options = { hostname, path: pathname + search, method: 'PUT', headers: { 'content-type': '', 'content-length': body.length } }
  const sending = require('node:http').request(options, () => context.done())
  sending.on('error', (error) => context.done(error))
  sending.end(body)
}`,
  Fetch: `${NODE}
exports.handler = async (event) => {
  await fetch(event.ResponseURL, { method: 'PUT', body: bodyOf(event, 'Fetch') })
}`,
  Module: `
const response = require('cfn-response')
exports.handler = (event, context) =>
  response.send(event, context, response.SUCCESS, { Host: new URL(event.ResponseURL).host }, 'Module')`,
}

const PYTHON_STYLES = {
  Connection: `${PYTHON}
from http.client import HTTPSConnection
def handler(event, context):
    url = urlparse(event['ResponseURL'])
    connection = HTTPSConnection(url.hostname)
    connection.request('PUT', url.path + '?' + url.query, body_of(event, 'Connection'))
    print(connection.getresponse().status)
`,
  Plain: `${PYTHON}
from http.client import HTTPConnection
def handler(event, context):
    url = urlparse(event['ResponseURL'])
    connection = HTTPConnection(url.hostname)
    connection.request('PUT', url.path + '?' + url.query, body_of(event, 'Plain'))
    print(connection.getresponse().status)
`,
  Urllib: `${PYTHON}
from urllib.request import build_opener, HTTPHandler, Request
def handler(event, context):
    request = Request(event['ResponseURL'], data=body_of(event, 'Urllib'))
    request.add_header('Content-Type', '')
    request.get_method = lambda: 'PUT'
    build_opener(HTTPHandler).open(request)
`,
  Module: `
import cfnresponse
from urllib.parse import urlparse
def handler(event, context):
    cfnresponse.send(event, context, cfnresponse.SUCCESS, {'Host': urlparse(event['ResponseURL']).netloc}, 'Module')
`,
}

const ROLE = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
  },
}

/** A stack with a custom resource for each of these sources, and what each gives. */
function templateOf(sources: Record<string, string>, Runtime: string, more: object = {}) {
  const Resources: Record<string, object> = { Role: ROLE }
  const Outputs: Record<string, object> = {}
  for (const [style, ZipFile] of Object.entries(sources)) {
    const Role = { 'Fn::GetAtt': ['Role', 'Arn'] }
    Resources[`${style}Function`] = {
      Type: 'AWS::Lambda::Function',
      Properties: { Role, Runtime, Handler: 'index.handler', Timeout: 20, Code: { ZipFile }, ...more },
    }
    const ServiceToken = { 'Fn::GetAtt': [`${style}Function`, 'Arn'] }
    Resources[style] = { Type: 'Custom::Style', Properties: { ServiceToken } }
    Outputs[style] = { Value: { 'Fn::Join': [' ', [{ Ref: style }, { 'Fn::GetAtt': [style, 'Host'] }]] } }
  }
  return { Resources, Outputs }
}

test.each([
  ['us-east-1', 's3.amazonaws.com'],
  ['eu-west-1', 's3.eu-west-1.amazonaws.com'],
])(
  'Node functions of %s: https.request, fetch, cfn-response',
  async (region, s3) => {
    const stacks = driveStacks(running, { region })
    await stacks.create('node', templateOf(NODE_STYLES, 'nodejs22.x'), { Capabilities })
    const host = `cloudformation-custom-resource-response-${region.replaceAll('-', '')}.${s3}`
    expect(await stacks.outputs('node')).toEqual({
      Request: `Request ${host}`,
      Plain: `Plain ${host}`,
      Fetch: `Fetch ${host}`,
      Module: `Module ${host}`,
    })
    expect((await stacks.remove('node')).StackStatus).toBe('DELETE_COMPLETE')
  },
  60_000,
)

describe.skipIf(spawnSync('python3', ['-c', '']).status !== 0)('Python (skipped: no python3)', () => {
  test('functions: HTTPSConnection, urllib, cfnresponse', async () => {
    const stacks = driveStacks(running)
    await stacks.create('python', templateOf(PYTHON_STYLES, 'python3.12'), { Capabilities })
    const host = 'cloudformation-custom-resource-response-useast1.s3.amazonaws.com'
    expect(await stacks.outputs('python')).toEqual({
      Connection: `Connection ${host}`,
      Plain: `Plain ${host}`,
      Urllib: `Urllib ${host}`,
      Module: `Module ${host}`,
    })
  }, 60_000)
})

test('a function behind a topic answers at the same address', async () => {
  const source = NODE_STYLES.Request.replace(
    'exports.handler = (event, context) => {',
    'exports.handler = (notice, context) => { const event = JSON.parse(notice.Records[0].Sns.Message)',
  )
  const template = templateOf({ Request: source }, 'nodejs22.x')
  const asked = { 'Fn::GetAtt': ['RequestFunction', 'Arn'] }
  Object.assign(template.Resources, {
    Topic: { Type: 'AWS::SNS::Topic' },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'lambda', Endpoint: asked },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: asked,
        Action: 'lambda:InvokeFunction',
        Principal: 'sns.amazonaws.com',
        SourceArn: { Ref: 'Topic' },
      },
    },
    Request: {
      Type: 'Custom::Style',
      DependsOn: ['Subscription', 'Permission'],
      Properties: { ServiceToken: { Ref: 'Topic' } },
    },
  })
  const stacks = driveStacks(running)
  await stacks.create('topic', template, { Capabilities })
  expect(await stacks.outputs('topic')).toEqual({
    Request: 'Request cloudformation-custom-resource-response-useast1.s3.amazonaws.com',
  })
}, 60_000)

describe('a resource whose answer cannot come any more', () => {
  const stacks = driveStacks(running)
  const failing = async (name: string, source: string, more: object = {}) => {
    const stack = await stacks.create(name, templateOf({ C: source }, 'nodejs22.x', more), { Capabilities })
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
    return (await stacks.events(name)).find((line) => line.startsWith('C CREATE_FAILED'))
  }

  test('fails with what the function failed of, and the terminal hears of both', async () => {
    const reason = await failing(
      'throws',
      `exports.handler = async () => { throw new TypeError('no such luck') }`,
    )
    expect(reason).toMatch(
      /did not receive a response .* requestId \[[\w-]+\]\. arn:aws:lambda:\S+ failed: TypeError: no such luck$/,
    )
    expect(told).toContainEqual(
      expect.stringMatching(/^function throws-\S+ of 111111111111 in us-east-1: TypeError: no/),
    )
    expect(told).toContainEqual(
      expect.stringMatching(/^custom resource C of stack throws in .*no such luck$/),
    )
  }, 60_000)

  test('is waited for when the function has returned without an answer, and the terminal says so', async () => {
    const template = templateOf({ C: 'exports.handler = async () => {}' }, 'nodejs22.x')
    Object.assign((template.Resources.C as { Properties: object }).Properties, { ServiceTimeout: 1 })
    const stack = await stacks.create('silent', template, { Capabilities })
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
    expect(told).toContainEqual(expect.stringMatching(/stack silent in .* has returned without an answer/))
  }, 60_000)

  test('fails when the function has timed out', async () => {
    const source = 'exports.handler = () => new Promise(() => setInterval(() => {}, 1000))'
    expect(await failing('hangs', source, { Timeout: 1 })).toContain('Task timed out after 1.00 seconds')
  }, 60_000)

  test('names the command that brings a client of the SDK which is not there', async () => {
    const reason = await failing(
      'sdk',
      `require('@aws-sdk/client-not-there'); exports.handler = async () => {}`,
    )
    expect(reason).toContain(`${process.cwd()}. To have it there: npm install @aws-sdk/client-not-there`)
  }, 60_000)

  test('waits for a function that fails first and answers when it is tried again', async () => {
    const source = `${NODE}
const { existsSync, writeFileSync } = require('node:fs')
exports.handler = async (event) => {
  const file = require('node:os').tmpdir() + '/crossdock-' + event.RequestId
  if (!existsSync(file)) { writeFileSync(file, ''); throw new Error('not yet') }
  require('node:fs').rmSync(file)
  await fetch(event.ResponseURL, { method: 'PUT', body: bodyOf(event, 'second') })
}`
    const stack = await stacks.create('again', templateOf({ C: source }, 'nodejs22.x'), { Capabilities })
    expect(stack.StackStatus).toBe('CREATE_COMPLETE')
  }, 60_000)
})
