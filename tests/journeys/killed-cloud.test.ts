/** A cloud is killed while builds and functions run: the next one ends what they left before it goes on. */
import { type ChildProcess, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  CreateProjectCommand,
  StartBuildCommand,
} from '@aws-sdk/client-codebuild'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, printed, User } from './command-line.ts'

/** Starts a process that leaves its group and its session, as a daemon does. */
const DAEMON = `const daemon = require('child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }); daemon.unref(); console.log('pid ' + daemon.pid)`

let user: User
let cloud: ChildProcess
let endpoint: string

async function startCloud(): Promise<void> {
  cloud = user.start(['cloud', '--port', '0', '--json', '--data', join(user.folder, 'data')])
  endpoint = JSON.parse(await printed(cloud, /\}\s*$/)).endpoint
}

function client<C>(kind: new (options: never) => C): C {
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' }
  return new kind({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 } as never)
}

async function roleOf(service: string): Promise<string> {
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const Principal = { Service: `${service}.amazonaws.com` }
  const iam = client(IAMClient)
  const AssumeRolePolicyDocument = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal })
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: service, AssumeRolePolicyDocument }))
  const PolicyDocument = policy({ Effect: 'Allow', Action: 'logs:*', Resource: '*' })
  await iam.send(new PutRolePolicyCommand({ RoleName: service, PolicyName: 'logs', PolicyDocument }))
  return Role!.Arn!
}

/** The numbers of processes that a build or function has told in its log. */
async function told(logGroupName: string, count: number): Promise<number[]> {
  const logs = client(CloudWatchLogsClient)
  const ask = async () => {
    const found = await logs.send(new FilterLogEventsCommand({ logGroupName })).catch(() => undefined)
    const lines = (found?.events ?? []).map(({ message = '' }) => /\bpid (\d+)/.exec(message)?.[1])
    return lines.flatMap((pid) => (pid ? [Number(pid)] : []))
  }
  return eventually(ask, (pids) => pids.length >= count)
}

const running = (pids: readonly number[]): number[] =>
  pids.filter((pid) => {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
    return /^[^Z]/.test(stdout.trim())
  })

beforeAll(async () => {
  user = await User.create()
  await startCloud()
})
afterAll(async () => {
  const closed = new Promise((done) => cloud.once('close', done))
  cloud.kill('SIGTERM')
  await closed
  await user.remove()
})

describe('a cloud that is killed', () => {
  test('leaves processes, which the next one ends before it goes on; the build says why it was cut short', async () => {
    const codebuild = client(CodeBuildClient)
    const commands = [
      `'${process.execPath}' -e "${DAEMON}"`,
      'sleep 600 & echo "pid $!"',
      'echo "folder $PWD"; echo "pid $$"; sleep 600; touch never',
    ]
    await codebuild.send(
      new CreateProjectCommand({
        name: 'cut',
        serviceRole: await roleOf('codebuild'),
        source: {
          type: 'NO_SOURCE',
          buildspec: JSON.stringify({ version: 0.2, phases: { build: { commands } } }),
        },
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: { type: 'LINUX_CONTAINER', image: 'i', computeType: 'BUILD_GENERAL1_SMALL' },
      }),
    )
    const { build } = await codebuild.send(new StartBuildCommand({ projectName: 'cut' }))
    const lambda = client(LambdaClient)
    const source = `const handler = async () => { ${DAEMON}; console.log('pid ' + process.pid); await new Promise((done) => setTimeout(done, 600000)) }; exports.handler = handler`
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'cut',
        Role: await roleOf('lambda'),
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Timeout: 900,
        Code: { ZipFile: zipSync({ 'index.js': strToU8(source) }) },
      }),
    )
    const active = async () =>
      lambda.send(new InvokeCommand({ FunctionName: 'cut', InvocationType: 'Event' })).catch(() => undefined)
    await eventually(active, (answer) => answer !== undefined)
    const pids = [...(await told('/aws/codebuild/cut', 3)), ...(await told('/aws/lambda/cut', 2))]
    expect(running(pids)).toEqual(pids)

    cloud.kill('SIGKILL')
    await new Promise((done) => cloud.once('close', done))
    expect(running(pids)).not.toEqual([])
    await startCloud()
    // The event is taken up again, by a process of its own.
    expect(running(pids)).toEqual([])
    const ids = [build!.id!]
    const { builds } = await client(CodeBuildClient).send(new BatchGetBuildsCommand({ ids }))
    expect(builds![0]).toMatchObject({ buildStatus: 'FAULT', buildComplete: true })
    const cut = builds![0]!.phases!.find(({ phaseStatus }) => phaseStatus === 'FAULT')
    expect(cut).toMatchObject({
      phaseType: 'BUILD',
      contexts: [
        {
          statusCode: 'INTERNAL_ERROR',
          message: 'Internal Service Error: the embedded cloud was stopped while the build ran.',
        },
      ],
    })
    expect(user.leftovers().filter((name) => name.startsWith('crossdock-build-'))).toEqual([])
  })

  test('that is told to stop leaves none', async () => {
    const pids = await told('/aws/lambda/cut', 4)
    const now = running(pids)
    expect(now.length).toBeGreaterThan(0)
    const closed = new Promise((done) => cloud.once('close', done))
    cloud.kill('SIGTERM')
    await closed
    expect(running(now)).toEqual([])
    expect(existsSync(join(user.folder, 'data', 'processes'))).toBe(false)
    await startCloud()
  })
})
