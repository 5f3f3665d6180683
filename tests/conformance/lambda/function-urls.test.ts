/** URLs of functions: who is let in, what the function gets, what becomes of its answer. */
import { createHash, createHmac } from 'node:crypto'
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  ListFunctionUrlConfigsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda'
import { expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'
import { IAMClient, invoke, LambdaClient, makeFunction, makeRole } from './functions.ts'

const APP = 'https://app.acme.example'
const test = await startTestCloud({ allowOrigins: [APP] })
const lambda = test.client(LambdaClient)
const role = await makeRole(test, 'runner')
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:${HUB}:function:${name}`

const urlFor = async (FunctionName: string, more: object = {}) => {
  const input = { FunctionName, AuthType: 'NONE' as const, ...more }
  return (await lambda.send(new CreateFunctionUrlConfigCommand(input))).FunctionUrl!
}

/** Lets everybody in, as the documentation of AWS has it. */
async function open(FunctionName: string, Principal = '*', FunctionUrlAuthType: 'NONE' | 'AWS_IAM' = 'NONE') {
  const add = (StatementId: string, more: object) =>
    lambda.send(new AddPermissionCommand({ FunctionName, Principal, StatementId, Action: '', ...more }))
  await add('url', { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType })
  await add('invoke', { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true })
}

const returning = (answer: unknown) => `export const handler = async () => (${JSON.stringify(answer)})`

it('lets nobody in until the policy lets everybody in, by the URL alone', async () => {
  await makeFunction(lambda, 'open', role, returning('hello'))
  const url = await urlFor('open')
  const before = await fetch(url)
  expect([before.status, await before.json()]).toEqual([403, { Message: 'Forbidden' }])
  await open('open')
  const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName: 'open' }))
  expect(JSON.parse(Policy!).Statement).toMatchObject([
    { Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } },
    { Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } },
  ])
  const after = await fetch(url)
  expect([after.status, after.headers.get('content-type'), await after.text()]).toEqual([
    200,
    'application/json',
    '"hello"',
  ])
  const stranger = test.client(LambdaClient, { account: DEV })
  await expect(invoke(stranger, arnOf('open'))).rejects.toMatchObject({ name: 'AccessDeniedException' })
  expect((await fetch(`${test.cloud.endpoint}/_lambda/url/nothing/`)).status).toBe(403)
})

it('gives the function payload 2.0', async () => {
  await makeFunction(lambda, 'echo', role, 'export const handler = async (event) => event')
  const url = await urlFor('echo')
  await open('echo')
  const answer = await fetch(`${url}my/path?a=1&a=2&b=x%20y`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: 'one=1; two=2', 'x-own': 'v' },
    body: '{"example":"test"}',
  })
  const event = (await answer.json()) as { headers: object; requestContext: { time: string } }
  const id = new URL(url).pathname.split('/')[3]
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/my/path',
    rawQueryString: 'a=1&a=2&b=x%20y',
    cookies: ['one=1', 'two=2'],
    headers: { 'x-own': 'v', host: `${id}.lambda-url.us-east-1.on.aws`, 'x-forwarded-proto': 'https' },
    queryStringParameters: { a: '1,2', b: 'x y' },
    requestContext: {
      accountId: 'anonymous',
      apiId: id,
      http: { method: 'POST', path: '/my/path', sourceIp: '127.0.0.1' },
      stage: '$default',
    },
    body: '{"example":"test"}',
    isBase64Encoded: false,
  })
  expect(event.headers).not.toHaveProperty('cookie')
  expect(event.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/)
  const binary = await fetch(url, { method: 'PUT', body: new Uint8Array([0, 255]) })
  expect(await binary.json()).toMatchObject({ body: 'AP8=', isBase64Encoded: true, rawPath: '/' })
})

it.each<[string, string, number, Record<string, string>, string]>([
  [
    'a whole answer',
    returning({
      statusCode: 201,
      headers: { 'Content-Type': 'text/plain', 'My-Own': 'v' },
      body: 'made',
      cookies: ['a=1; Max-Age=5'],
    }),
    201,
    { 'content-type': 'text/plain', 'my-own': 'v', 'set-cookie': 'a=1; Max-Age=5' },
    'made',
  ],
  ['an object', returning({ a: 1 }), 200, { 'content-type': 'application/json' }, '{"a":1}'],
  ['base64', returning({ statusCode: 200, body: 'aGk=', isBase64Encoded: true }), 200, {}, 'hi'],
  ['nothing of a body', returning({ statusCode: 204 }), 204, {}, ''],
  ['no status', returning({ statusCode: 'x' }), 502, {}, 'Internal Server Error'],
  [
    'an error',
    'export const handler = async () => { throw new Error("x") }',
    502,
    {},
    'Internal Server Error',
  ],
])('answers %s', async (name, source, status, headers, body) => {
  const functionName = `answers-${name.replaceAll(/\W/g, '-')}`
  await makeFunction(lambda, functionName, role, source)
  const url = await urlFor(functionName)
  await open(functionName)
  const answer = await fetch(url)
  expect([answer.status, await answer.text()]).toEqual([status, body])
  expect(Object.fromEntries(answer.headers)).toMatchObject(headers)
})

it('answers 429 to all where the reserved concurrency is none', async () => {
  await makeFunction(lambda, 'still', role, returning(1))
  const url = await urlFor('still')
  await open('still')
  await lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'still', ReservedConcurrentExecutions: 0 }),
  )
  expect((await fetch(url)).status).toBe(429)
})

/** Signs a request as Signature Version 4 has it. */
function signed(url: string, [id, secret]: readonly [string, string], body = '') {
  const { host, pathname } = new URL(url)
  const stamp = test.cloud.clock
    .date()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '')
  const scope = `${stamp.slice(0, 8)}/us-east-1/lambda/aws4_request`
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  const canonical = `POST\n${pathname}\n\nhost:${host}\nx-amz-date:${stamp}\n\nhost;x-amz-date\n${hash(body)}`
  const key = [...scope.split('/')].reduce<Buffer | string>(
    (from, part) => createHmac('sha256', from).update(part).digest(),
    `AWS4${secret}`,
  )
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${hash(canonical)}`)
    .digest('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`
  return fetch(url, { method: 'POST', headers: { 'x-amz-date': stamp, authorization }, body })
}

async function keyOf(account: string, name: string, actions: string[]): Promise<[string, string]> {
  const iam = test.client(IAMClient, { account })
  await iam.send(new CreateUserCommand({ UserName: name }))
  const Statement = { Effect: 'Allow', Action: actions, Resource: '*' }
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'own', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }))
  return [AccessKey!.AccessKeyId!, AccessKey!.SecretAccessKey!]
}

it('takes signed requests of who may, in the own account by either policy and across accounts by both', async () => {
  await makeFunction(
    lambda,
    'private',
    role,
    'export const handler = async (event) => ({ who: event.requestContext.authorizer.iam.userArn, body: event.body })',
  )
  const url = await urlFor('private', { AuthType: 'AWS_IAM' })
  expect((await fetch(url)).status).toBe(403)
  const both = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction']
  const own = await keyOf(HUB, 'caller', both)
  const answer = await signed(url, own, '')
  expect([answer.status, await answer.json()]).toEqual([200, { who: `arn:aws:iam::${HUB}:user/caller` }])
  expect((await signed(url, [own[0], 'wrong'])).status).toBe(403)
  const half = await keyOf(HUB, 'half', ['lambda:InvokeFunctionUrl'])
  expect((await signed(url, half)).status).toBe(403)
  const guest = await keyOf(DEV, 'guest', both)
  expect((await signed(url, guest)).status).toBe(403)
  await open('private', DEV, 'AWS_IAM')
  expect((await signed(url, guest)).status).toBe(200)
})

it('tells pages of other origins what is configured, and answers preflights by that alone', async () => {
  await makeFunction(lambda, 'shared', role, returning('x'))
  const url = await urlFor('shared', { Cors: { AllowOrigins: [APP], AllowMethods: ['GET'], MaxAge: 60 } })
  await open('shared')
  const headers = { origin: APP, 'access-control-request-method': 'GET' }
  const asked = await fetch(url, { method: 'OPTIONS', headers })
  expect(Object.fromEntries(asked.headers)).toMatchObject({
    'access-control-allow-origin': APP,
    'access-control-allow-methods': 'GET',
    'access-control-max-age': '60',
  })
  expect((await fetch(url, { headers })).headers.get('access-control-allow-origin')).toBe(APP)
  await lambda.send(
    new UpdateFunctionUrlConfigCommand({
      FunctionName: 'shared',
      Cors: { AllowOrigins: ['https://b.example'] },
    }),
  )
  expect((await fetch(url, { headers })).headers.get('access-control-allow-origin')).toBeNull()
})

it('leads to an alias under its own policy, is shown, changed, listed and deleted', async () => {
  const FunctionName = 'aliased'
  await makeFunction(lambda, FunctionName, role, 'export const handler = async (e, c) => c.functionVersion')
  await lambda.send(new PublishVersionCommand({ FunctionName }))
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }))
  await expect(urlFor(FunctionName, { Qualifier: '1' })).rejects.toMatchObject({
    $metadata: { httpStatusCode: 400 },
  })
  await expect(urlFor(FunctionName, { InvokeMode: 'RESPONSE_STREAM' })).rejects.toThrow(/does not stream/)
  const at = { FunctionName, Qualifier: 'live' }
  const url = await urlFor(FunctionName, { Qualifier: 'live' })
  await expect(urlFor(FunctionName, { Qualifier: 'live' })).rejects.toMatchObject({
    name: 'ResourceConflictException',
  })
  await open(`${FunctionName}:live`)
  expect(await (await fetch(url)).json()).toBe('1')
  const list = () => lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName }))
  expect((await list()).FunctionUrlConfigs).toMatchObject([
    { FunctionArn: `${arnOf(FunctionName)}:live`, AuthType: 'NONE', InvokeMode: 'BUFFERED' },
  ])
  await lambda.send(new UpdateFunctionUrlConfigCommand({ ...at, AuthType: 'AWS_IAM' }))
  expect(await lambda.send(new GetFunctionUrlConfigCommand(at))).toMatchObject({ FunctionUrl: url })
  expect((await fetch(url)).status).toBe(403)
  await lambda.send(new DeleteFunctionUrlConfigCommand(at))
  expect((await list()).FunctionUrlConfigs).toEqual([])
  await expect(lambda.send(new GetFunctionUrlConfigCommand(at))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
})

it('comes with a serverless function that asks for one', async () => {
  const stacks = driveStacks(test)
  const InlineCode = "exports.handler = async () => 'from a stack'"
  const stack = await stacks.create(
    'site',
    {
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: {
        Site: {
          Type: 'AWS::Serverless::Function',
          Properties: {
            ...{ Runtime: 'nodejs20.x', Handler: 'index.handler', InlineCode, Role: role },
            FunctionUrlConfig: { AuthType: 'NONE' },
          },
        },
      },
      Outputs: { Url: { Value: { 'Fn::GetAtt': ['SiteUrl', 'FunctionUrl'] } } },
    } as never,
    { Capabilities: ['CAPABILITY_AUTO_EXPAND'] },
  )
  expect(stack.StackStatus, (await stacks.events('site')).join('\n')).toBe('CREATE_COMPLETE')
  const { Url } = await stacks.outputs('site')
  expect(await (await fetch(Url!)).json()).toBe('from a stack')
})
