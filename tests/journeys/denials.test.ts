/** A denial on the embedded cloud explains itself: on the cloud's own terminal, in `status` and in `logs`. */
import type { ChildProcess } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, printed, User } from './command-line.ts'

const DEPLOY_ROLE = 'crossdock-hello-hello-deploy'
const SID = 'ReadTemplateAndParametersFromArtifactBuildOutput'

describe('a role that lost one statement', () => {
  let user: User
  let cloud: ChildProcess
  let endpoint: string
  let onTerminal = ''

  const crossdock = (...args: string[]) => user.run(args, { AWS_ENDPOINT_URL: endpoint })

  beforeAll(async () => {
    user = await User.create()
    await cp(resolve('examples/hello'), user.work, { recursive: true })
    await user.git('init', '--quiet', '--initial-branch=main')
    await user.git('add', '--all')
    await user.git('commit', '--quiet', '--message', 'Say hello')
    cloud = user.start(['cloud', '--port', '0'])
    cloud.stdout!.on('data', (chunk: Buffer) => {
      onTerminal += chunk
    })
    endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(await printed(cloud, /Ctrl-C/))![1]!
    expect(await crossdock('deploy')).toMatchObject({ status: 0 })
    await takeAway()
    const remote = new URL(`${endpoint}/_codeconnections/example/hello.git`)
    remote.username = '111111111111'
    remote.password = 'test'
    await user.git('push', '--quiet', remote.href, 'HEAD:main')
    await eventually(
      async () => JSON.parse((await crossdock('status', '--json')).stdout)[0],
      (state) => state?.stages[3]?.actions.every(({ status }: { status: string }) => status === 'Failed'),
    )
  })
  afterAll(async () => {
    cloud?.kill('SIGKILL')
    await user?.remove()
  })

  /** The deploy role of the test account can no longer read the artifact. */
  async function takeAway(): Promise<void> {
    const credentials = { accessKeyId: '333333333333', secretAccessKey: 'test' }
    const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials })
    const name = { RoleName: DEPLOY_ROLE, PolicyName: 'crossdock' }
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand(name))
    const document = JSON.parse(decodeURIComponent(PolicyDocument))
    document.Statement = document.Statement.filter(({ Sid }: { Sid: string }) => Sid !== SID)
    await iam.send(new PutRolePolicyCommand({ ...name, PolicyDocument: JSON.stringify(document) }))
    iam.destroy()
  }

  const EXPLAINED =
    /denied crossdock-hello-hello-deploy may not s3:GetObject\s+who +arn:aws:iam::333333333333:role\/crossdock\/crossdock-hello-hello-deploy[\s\S]*?said no +identity policy of arn:aws:iam::333333333333:role\/crossdock\/crossdock-hello-hello-deploy[\s\S]*?add to the identity policy of \S+( \(stack crossdock-hello-hello-access, DeployRole, 333333333333 us-east-1\))?[\s\S]*?"Action": "s3:GetObject"/

  test('is told in full by status, each denial at its own action', async () => {
    const { stdout, status } = await crossdock('status')
    expect(status).toBe(0)
    expect(stdout).toMatch(EXPLAINED)
    // For the artifact of every run, in the region of the action.
    const resources = [...stdout.matchAll(/"Resource": "(.*)"/g)].map(([, resource]) => resource)
    expect(resources).toEqual(
      ['us-east-1', 'eu-west-1'].map(
        (region) => `arn:aws:s3:::crossdock-hello-hello-111111111111-${region}/hello-hello/BuildOutpu/*`,
      ),
    )
    // AWS's sentence stands once, with the action.
    expect(
      stdout.match(/\(stack crossdock-hello-hello-access, DeployRole, 333333333333 us-east-1\)/g),
    ).toHaveLength(2)
    expect(stdout.match(/is not authorized to perform/g)).toHaveLength(2)
  })

  test('is told in full by logs', async () => {
    const { stdout } = await crossdock('logs', '--action', 'deploy-hello-eu-west-1')
    expect(stdout).toMatch(EXPLAINED)
    expect(stdout.match(/denied/g)).toHaveLength(1)
  })

  test('is told in full on the terminal of the cloud', async () => {
    await eventually(
      async () => onTerminal,
      (text) => EXPLAINED.test(text),
    )
  })
})

describe('a template that asks for more than the deployed role may', () => {
  let user: User
  let cloud: ChildProcess

  beforeAll(async () => {
    user = await User.create()
    await cp(resolve('examples/hello'), user.work, { recursive: true })
    await user.git('init', '--quiet', '--initial-branch=main')
    await user.git('add', '--all')
    await user.git('commit', '--quiet', '--message', 'Say hello')
    cloud = user.start(['cloud', '--port', '0'])
  })
  afterAll(async () => {
    cloud?.kill('SIGKILL')
    await user?.remove()
  })

  test('says that a deployment is all that is missing', { timeout: 60_000 }, async () => {
    const endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(await printed(cloud, /Ctrl-C/))![1]!
    const crossdock = (...args: string[]) => user.run(args, { AWS_ENDPOINT_URL: endpoint })
    expect(await crossdock('deploy')).toMatchObject({ status: 0 })
    const file = join(user.work, 'template.yaml')
    const template = await readFile(file, 'utf8')
    await writeFile(
      file,
      template.replace(/^Resources:$/m, 'Resources:\n  News:\n    Type: AWS::SNS::Topic\n'),
    )
    const remote = new URL(`${endpoint}/_codeconnections/example/hello.git`)
    remote.username = '111111111111'
    remote.password = 'test'
    await user.git('commit', '--quiet', '--all', '--message', 'Tell news')
    await user.git('push', '--quiet', remote.href, 'HEAD:main')
    await eventually(
      async () => JSON.parse((await crossdock('status', '--json')).stdout)[0],
      (state) => state?.status === 'Failed' && state.stages[2]?.actions[0]?.status === 'Failed',
    )
    const { stdout, stderr } = await crossdock('status', 'hello')
    expect(stderr).toBe('')
    expect(stdout).toMatch(/denied crossdock-hello-hello-cloudformation may not sns:CreateTopic/)
    expect(stdout).toMatch(
      /fix +run `crossdock deploy`: what is deployed is older than the fleet file and its templates, which allow this \(stack crossdock-hello-hello-access, CloudFormationRole, 222222222222 us-east-1\)/,
    )
    expect(stdout).not.toContain('add to the identity policy')
  })
})
