/** Functions that really run, through the SDK client. */
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { describe, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { invoke, LambdaClient, makeFunction, makeRole, until } from './functions.ts'

const test = await startTestCloud()
const lambda = test.client(LambdaClient)
const logs = test.client(CloudWatchLogsClient)
const role = await makeRole(test, 'runner')

async function logLines(group: string, wanted: string): Promise<string[]> {
  const ask = async () => {
    const answer = await logs
      .send(new FilterLogEventsCommand({ logGroupName: group }))
      .catch(() => ({ events: [] }))
    return (answer.events ?? []).map((event) => event.message ?? '')
  }
  return until(ask, (lines) => lines.some((line) => line.includes(wanted)))
}

describe('a Node function', () => {
  it('cannot be answered for by what it prints or writes to any descriptor', async () => {
    await makeFunction(
      lambda,
      'forger',
      role,
      `import { writeSync } from 'node:fs'
       import { execSync } from 'node:child_process'
       export const handler = async (event, { awsRequestId: id }) => {
         for (const end of ['', '\\n']) {
           const frame = (body) => '\\n' + JSON.stringify({ type: 'result', id, length: body.length }) + '\\n' + body + end
           for (let fd = 1; fd < 10; fd++) try { writeSync(fd, frame('"forged"')) } catch {}
           try { execSync('for n in 3 4 5 6 7 8 9; do eval "echo no frame >&$n"; done') } catch {}
           console.log(frame('"forged"'))
         }
         return 'true answer'
       }`,
    )
    for (let count = 0; count < 2; count++) {
      const { result, FunctionError } = await invoke(lambda, 'forger')
      expect([result, FunctionError]).toEqual(['true answer', undefined])
    }
  })

  it('gets the event, the context and the documented environment, and nothing of ours', async () => {
    await makeFunction(
      lambda,
      'echo',
      role,
      `export const handler = async (event, context) => ({
         event,
         name: context.functionName,
         version: context.functionVersion,
         arn: context.invokedFunctionArn,
         memory: context.memoryLimitInMB,
         left: context.getRemainingTimeInMillis(),
         id: context.awsRequestId,
         env: process.env,
       })`,
      { Environment: { Variables: { GREETING: 'hello' } }, Timeout: 5 },
    )
    const { result, StatusCode, ExecutedVersion, FunctionError } = await invoke(lambda, 'echo', { a: [1] })
    expect({ StatusCode, ExecutedVersion, FunctionError }).toEqual({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      FunctionError: undefined,
    })
    expect(result).toMatchObject({ event: { a: [1] }, name: 'echo', version: '$LATEST', memory: '128' })
    expect(result.arn).toBe(`arn:aws:lambda:us-east-1:${HUB}:function:echo`)
    expect(result.left).toBeGreaterThan(3000)
    expect(result.left).toBeLessThanOrEqual(5000)
    expect(result.env).toMatchObject({
      GREETING: 'hello',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: test.cloud.endpoint,
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/echo',
      _HANDLER: 'index.handler',
    })
    expect(result.env.AWS_ACCESS_KEY_ID).toMatch(/^ASIA/)
    expect(Object.keys(result.env)).not.toContain('HOME')
  })

  it('stays warm: module state is kept between invocations', async () => {
    await makeFunction(lambda, 'warm', role, 'let n = 0; export const handler = async () => ++n')
    expect((await invoke(lambda, 'warm')).result).toBe(1)
    expect((await invoke(lambda, 'warm')).result).toBe(2)
  })

  it('runs at the same time in as many processes as it is invoked at once', async () => {
    await makeFunction(
      lambda,
      'parallel',
      role,
      'export const handler = () => new Promise((done) => setTimeout(() => done(process.pid), 150))',
    )
    const answers = await Promise.all([1, 2, 3].map(() => invoke(lambda, 'parallel')))
    expect(new Set(answers.map((one) => one.result)).size).toBe(3)
  })

  it.each([
    ['CommonJS', { 'index.js': 'exports.handler = async () => "cjs"' }, 'index.handler', 'cjs'],
    [
      'callbacks',
      { 'index.js': 'exports.handler = (e, c, done) => setTimeout(() => done(null, "cb"), 5)' },
      'index.handler',
      'cb',
    ],
    [
      'context.done, which waits for nothing that is left',
      { 'index.js': 'exports.handler = (e, c) => { setInterval(() => {}, 1000); c.done(null, "done") }' },
      'index.handler',
      'done',
    ],
    [
      'a module by its package.json',
      { 'package.json': '{"type":"module"}', 'src/app.js': 'export const run = async () => "esm"' },
      'src/app.run',
      'esm',
    ],
    [
      'node_modules of its own',
      {
        'index.mjs': 'import words from "words"; export const handler = async () => words.join(" ")',
        'node_modules/words/index.js': 'module.exports = ["of", "its", "own"]',
      },
      'index.handler',
      'of its own',
    ],
    ['nothing returned', { 'index.mjs': 'export const handler = async () => {}' }, 'index.handler', null],
    [
      'a promise that never settles',
      { 'index.mjs': 'export const handler = () => new Promise(() => {})' },
      'index.handler',
      null,
    ],
  ])('may use %s', async (name, files, Handler, expected) => {
    const functionName = name.replaceAll(/\W/g, '-')
    await makeFunction(lambda, functionName, role, files, { Handler })
    expect((await invoke(lambda, functionName)).result).toBe(expected)
  })

  it('finds the SDK, as in the AWS runtime, and reaches the cloud with the credentials of its role', async () => {
    await makeFunction(
      lambda,
      'whoami',
      role,
      `import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
       export const handler = async () => (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn`,
      { Timeout: 10 },
    )
    const { result } = await invoke(lambda, 'whoami')
    expect(result).toBe(`arn:aws:sts::${HUB}:assumed-role/runner/whoami`)
  })
})

describe('a function that fails', () => {
  it('answers with the error and logs it', async () => {
    await makeFunction(
      lambda,
      'thrower',
      role,
      'export const handler = async () => { console.log("about to fail"); throw new TypeError("boom") }',
    )
    const { FunctionError, result, log } = await invoke(lambda, 'thrower', {}, { LogType: 'Tail' })
    expect(FunctionError).toBe('Unhandled')
    expect(result).toMatchObject({ errorType: 'TypeError', errorMessage: 'boom' })
    expect(result.trace[0]).toBe('TypeError: boom')
    expect(log).toMatch(/^INIT_START|^START/)
    expect(log).toContain('\tINFO\tabout to fail\n')
    expect(log).toContain('\tERROR\tInvoke Error \t{"errorType":"TypeError"')
    expect(log).toMatch(/END RequestId: [^\n]+\nREPORT RequestId: [^\n]+Memory Size: 128 MB/)
  })

  it('is killed when its time is up', async () => {
    await makeFunction(
      lambda,
      'slow',
      role,
      'export const handler = () => new Promise((done) => setTimeout(done, 60_000))',
      {
        Timeout: 1,
      },
    )
    const { FunctionError, result } = await invoke(lambda, 'slow')
    expect(FunctionError).toBe('Unhandled')
    expect(result.errorType).toBe('Sandbox.Timedout')
    expect(result.errorMessage).toMatch(/^RequestId: \S+ Error: Task timed out after 1.00 seconds$/)
  })

  it.each([
    [
      'exits',
      'export const handler = () => process.exit(3)',
      'index.handler',
      'Runtime.ExitError',
      'exit status 3',
    ],
    [
      'has no such handler',
      'export const other = 1',
      'index.handler',
      'Runtime.HandlerNotFound',
      'index.handler is undefined or not exported',
    ],
    [
      'has no such file',
      'export const handler = 1',
      'app.handler',
      'Runtime.ImportModuleError',
      "Cannot find module 'app'",
    ],
    [
      'does not parse',
      'export const handler = (',
      'index.handler',
      'Runtime.UserCodeSyntaxError',
      'SyntaxError',
    ],
    ['throws while loading', 'throw new RangeError("early")', 'index.handler', 'RangeError', 'early'],
    [
      'answers what is no JSON',
      'export const handler = async () => 1n',
      'index.handler',
      'Runtime.MarshalError',
      'Unable to marshal response',
    ],
    [
      'throws later',
      'export const handler = () => new Promise(() => setTimeout(() => { throw new Error("late") }))',
      'index.handler',
      'Error',
      'late',
    ],
    [
      'forgets a rejection',
      'export const handler = () => { Promise.reject(new Error("lost")); return new Promise((r) => setTimeout(r, 500)) }',
      'index.handler',
      'Runtime.UnhandledPromiseRejection',
      'Error: lost',
    ],
  ])('%s', async (name, source, Handler, type, message) => {
    const functionName = `fails-${name.replaceAll(/\W/g, '-')}`
    await makeFunction(lambda, functionName, role, source, { Handler })
    for (const _twice of [1, 2]) {
      const { FunctionError, result } = await invoke(lambda, functionName)
      expect(FunctionError).toBe('Unhandled')
      expect(result.errorType).toBe(type)
      expect(result.errorMessage).toContain(message)
    }
  })
})

describe('the log', () => {
  it('is written by the role into the group of the function', async () => {
    await makeFunction(
      lambda,
      'talker',
      role,
      'export const handler = async () => { console.warn("two\\nlines"); process.stdout.write("raw\\n") }',
    )
    await invoke(lambda, 'talker')
    const lines = await logLines('/aws/lambda/talker', 'REPORT')
    expect(lines[0]).toMatch(/^INIT_START Runtime Version: node:/)
    expect(lines[1]).toMatch(/^START RequestId: \S+ Version: \$LATEST$/)
    expect(lines[2]).toMatch(/\tWARN\ttwo\nlines$/)
    expect(lines).toContain('raw')
    expect(lines.at(-1)).toMatch(/^REPORT RequestId: .*Init Duration/)
    expect(
      test.cloud.trail.entries().findLast((entry) => entry.action === 'logs:PutLogEvents')?.principal,
    ).toBe(role)
  })

  it('is JSON where that is asked for, at the levels that are asked for', async () => {
    const source = `export const handler = async () => {
      console.debug('not at this level')
      console.info({ data: 1 })
      console.warn('two', { flag: false })
      console.error(new TypeError('wrong'))
      process.stdout.write('raw\\n')
      throw new RangeError('far')
    }`
    const LoggingConfig = { LogFormat: 'JSON', SystemLogLevel: 'DEBUG' } as const
    const made = await makeFunction(lambda, 'structured', role, source, { LoggingConfig })
    expect(made.LoggingConfig).toMatchObject({ LogFormat: 'JSON', ApplicationLogLevel: 'INFO' })
    await invoke(lambda, 'structured')
    const lines = await logLines('/aws/lambda/structured', 'platform.report')
    expect(lines).toContain('raw')
    const told = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
    expect(told.map(({ type, level }) => type ?? level)).toEqual([
      'platform.initStart',
      'platform.start',
      'INFO',
      'WARN',
      'ERROR',
      'ERROR',
      'platform.runtimeDone',
      'platform.report',
    ])
    expect(told[2]).toMatchObject({ message: { data: 1 }, requestId: told[1].record.requestId })
    expect(told[3].message).toBe('two { flag: false }')
    expect(told[4].message).toMatchObject({ errorType: 'TypeError', errorMessage: 'wrong' })
    expect(told[5].message).toMatchObject({ errorType: 'RangeError', errorMessage: 'far' })
    expect(told[7].record).toMatchObject({ status: 'error', metrics: { memorySizeMB: 128 } })
    await expect(
      makeFunction(lambda, 'leveled', role, source, { LoggingConfig: { ApplicationLogLevel: 'WARN' } }),
    ).rejects.toThrow('only where LogFormat is JSON')
  })

  it('is lost when the role may not write it', async () => {
    const silent = await makeRole(test, 'silent', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
    })
    await makeFunction(
      lambda,
      'mute',
      silent,
      'export const handler = async () => console.log("heard by nobody")',
    )
    const { log } = await invoke(lambda, 'mute', {}, { LogType: 'Tail' })
    expect(log).toContain('heard by nobody')
    await until(
      async () => test.cloud.trail.entries().filter((entry) => entry.principal === silent),
      (entries) => entries.some((entry) => entry.decision.effect === 'implicitDeny'),
    )
    await expect(
      logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/mute' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

describe('ways to invoke', () => {
  it('runs an Event in the background', async () => {
    await makeFunction(
      lambda,
      'later',
      role,
      'export const handler = async (event) => console.log("got", event.what)',
    )
    const { StatusCode, result } = await invoke(
      lambda,
      'later',
      { what: 'a thing' },
      { InvocationType: 'Event' },
    )
    expect(StatusCode).toBe(202)
    expect(result).toBeUndefined()
    await logLines('/aws/lambda/later', 'got a thing')
  })

  it('only checks with DryRun', async () => {
    const { StatusCode } = await invoke(lambda, 'later', {}, { InvocationType: 'DryRun' })
    expect(StatusCode).toBe(204)
  })

  it('refuses a payload that is no JSON and a function that is not there', async () => {
    await expect(invoke(lambda, 'later', undefined, { Payload: '{' })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
    })
    await expect(invoke(lambda, 'absent')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Function not found: arn:aws:lambda:us-east-1:${HUB}:function:absent`,
      $metadata: { httpStatusCode: 404 },
    })
  })
})
