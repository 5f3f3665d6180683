/** The built CLI from a user's side: wrong calls, the demo, and a fleet of one's own on a cloud that is killed. */
import type { ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ended, eventually, interrupt, printed, User } from './command-line.ts'

describe('a wrong call', () => {
  let user: User
  beforeAll(async () => {
    user = await User.create()
  })
  afterAll(() => user?.remove())

  test.each([
    ['a command that does not exist', ['deplyo'], /unknown command 'deplyo'[\s\S]*deploy/],
    ['an option that does not exist', ['status', '--jsno'], /unknown option '--jsno'[\s\S]*--json/],
    [
      'a value that is none',
      ['cloud', '--port', 'high'],
      /--port takes a number from 0 to 65535, not "high"/,
    ],
    [
      'an account that is none',
      ['cloud', '--port', '0', '--accounts', '12'],
      /twelve-digit numbers, not "12"/,
    ],
    [
      'an origin that is everybody',
      ['cloud', '--port', '0', '--allow-origin', 'http://localhost:3000', '--allow-origin', '*'],
      /--allow-origin takes an origin, as http:\/\/localhost:3000 is one, not "\*"/,
    ],
    [
      'a management account that is none',
      ['cloud', '--port', '0', '--management-account', 'hub'],
      /--management-account takes a twelve-digit number, not "hub"/,
    ],
    [
      'a management account of elsewhere',
      ['cloud', '--port', '0', '--accounts', '111111111111', '--management-account', '222222222222'],
      /--management-account 222222222222 is none of --accounts/,
    ],
  ])('%s exits with 2 and says so', async (_what, args, message) => {
    const { status, stdout, stderr } = await user.run(args)
    expect(stderr).toMatch(message)
    expect(stdout).toBe('')
    expect(status).toBe(2)
  })

  test.each(['check', 'synth', 'deploy', 'status', 'start', 'approve', 'reject', 'logs'])(
    '%s without a fleet file exits with 1 and says what to do',
    async (command) => {
      const { status, stderr } = await user.run([command])
      expect(stderr).toMatch(/^error there is no fleet file here\n {2}fix: .*crossdock\.yaml/)
      expect(stderr).not.toMatch(/ at .*\.js:|is a bug in/)
      expect(status).toBe(1)
    },
  )

  test('a reader that closes the pipe early is no bug, and no success', async () => {
    writeFileSync(join(user.work, 'crossdock.yaml'), readFileSync('examples/hello/crossdock.yaml', 'utf8'))
    await cp('examples/hello/template.yaml', join(user.work, 'template.yaml'))
    const child = user.start(['policy'])
    const over = ended(child)
    child.stdout?.destroy()
    const { stderr, status } = await over
    expect(status).toBe(141)
    expect(stderr).not.toMatch(/EPIPE|is a bug/)
  })

  test('a broken fleet file is shown by line and column', async () => {
    const text = readFileSync('examples/hello/crossdock.yaml', 'utf8')
    writeFileSync(join(user.work, 'crossdock.yaml'), text.replace('    build:', '    biuld:'))
    const { status, stderr } = await user.run(['check'])
    const line = text.split('\n').findIndex((one) => one.startsWith('    build:')) + 1
    expect(stderr).toContain(`crossdock.yaml:${line}:5`)
    expect(stderr).toMatch(/biuld[\s\S]*build/)
    expect(status).toBe(1)
  })
})

describe('plain templates', () => {
  let user: User
  beforeAll(async () => {
    user = await User.create()
    await cp(resolve('examples/foreign/ecs-policies'), user.work, { recursive: true })
  })
  afterAll(() => user?.remove())

  const stores = 'ArtifactBucket=@build.ArtifactBucket,KeyArn=@build.KeyArn'
  const check = (trusted: string, ...more: string[]) =>
    user.run([
      'check',
      ...more,
      '--templates',
      '111111111111/us-west-2=build.yaml,TestAccount=333333333333',
      `333333333333/us-west-2=test.yaml,BuildAccount=${trusted},${stores},RepositoryArn=@build.RepositoryArn,Subnets=subnet-1`,
      `111111111111/us-west-2=pipeline.yaml,${stores},PipelineRoleArn=@build.PipelineRoleArn,ConnectionArn=@build.ConnectionArn,DeployRoleArn=@test.DeployRoleArn`,
    ])

  test('are proven', async () => {
    const { status, stdout } = await check('111111111111')
    expect(stdout).toMatch(/3 templates: (\d+) of \1 permissions proven/)
    expect(status).toBe(0)
  })

  test('are proven but for the stack whose template is not given', async () => {
    edit('pipeline.yaml', [
      ['Provider: ECS', 'Provider: CloudFormation'],
      [
        'ClusterName: my-thing, ServiceName: my-thing',
        'ActionMode: CREATE_UPDATE, StackName: my-thing, TemplatePath: "Image::service.yaml", RoleArn: !Ref DeployRoleArn',
      ],
    ])
    edit('test.yaml', [
      ['[ecs:DescribeTaskDefinition, ecs:RegisterTaskDefinition]', '["cloudformation:*", iam:PassRole]'],
      ['iam::${BuildAccount}:root" }', 'iam::${BuildAccount}:root", Service: cloudformation.amazonaws.com }'],
    ])
    const { status, stdout } = await check('111111111111')
    expect(stdout).toMatch(
      /not proven 3 permissions: the template of the stack my-thing in 333333333333 us-west-2 is not given \(--application my-thing=<file>\)/,
    )
    expect(status).toBe(0)
    expect((await check('111111111111', '--strict')).status).toBe(1)
  })

  function edit(name: string, changes: readonly (readonly [string, string])[]): void {
    const file = join(user.work, name)
    const text = readFileSync(file, 'utf8')
    for (const [from] of changes) expect(text).toContain(from)
    writeFileSync(
      file,
      changes.reduce((before, [from, to]) => before.replace(from, to), text),
    )
  }

  test('that trust the wrong account fail, and the trust policy is named', async () => {
    const { status, stdout } = await check('999999999999')
    expect(stdout).toMatch(
      /sts:AssumeRole[\s\S]*trust policy of arn:aws:iam::333333333333:role\/test-deployment/,
    )
    expect(status).toBe(1)
  })
})

const DENY_BUILDS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'codebuild:StartBuild', Resource: '*' }],
})

describe('the demo', () => {
  let user: User
  beforeAll(async () => {
    user = await User.create()
  })
  afterAll(() => user?.remove())

  test('ships a commit and says so as JSON', async () => {
    const { status, stdout, stderr } = await user.run(['demo', '--yes', '--json'])
    expect(stderr).toBe('')
    const { succeeded, runs } = JSON.parse(stdout)
    expect(succeeded).toBe(true)
    expect(runs).toHaveLength(1)
    expect(runs[0]).toMatchObject({ status: 'Succeeded', message: 'First commit' })
    expect(runs[0].answers).toHaveLength(5)
    expect(status).toBe(0)
    expect(user.leftovers()).toEqual([])
    expect(user.processes()).toEqual([])
  })

  test.each([
    ['while it commits', /Wave 2/],
    ['while it builds', /Build \/ Build .* started/],
  ])('is interrupted %s without leaving anything behind', async (_when, sign) => {
    const demo = user.start(['demo', '--yes'])
    const end = ended(demo)
    await printed(demo, sign)
    interrupt(demo)
    const { status, stderr } = await end
    expect(stderr).toMatch(/^interrupted[^\n]*\n$/)
    expect(status).toBe(1)
    expect(user.processes()).toEqual([])
    expect(user.leftovers()).toEqual([])
  })

  test('fails with the end of the log when the application’s test fails', async () => {
    const greeting = join(user.package, 'examples/hello/src/greeting.mjs')
    writeFileSync(greeting, readFileSync(greeting, 'utf8').replace('Hello, ', 'Goodbye, '))
    const { status, stdout } = await user.run(['demo', '--yes'])
    expect(stdout).toMatch(/Build \/ Build failed/)
    expect(stdout).toMatch(/Goodbye, /)
    expect(stdout).toMatch(/Not shipped/)
    expect(status).toBe(1)
    expect(user.leftovers()).toEqual([])
    expect(user.processes()).toEqual([])
  })
})

describe('a fleet of one’s own on an embedded cloud', () => {
  let user: User
  let cloud: ChildProcess
  let endpoint: string
  const data = () => join(user.folder, 'data')

  async function startCloud(): Promise<void> {
    cloud = user.start(['cloud', '--port', '0', '--json', '--data', data()])
    endpoint = JSON.parse(await printed(cloud, /\}\s*$/)).endpoint
  }

  const crossdock = (...args: string[]) => user.run(args, { AWS_ENDPOINT_URL: endpoint })

  async function answer(...args: string[]) {
    const { status, stdout, stderr } = await crossdock(...args, '--json')
    expect(`${status} ${stderr}`).toBe('0 ')
    return JSON.parse(stdout)
  }

  async function push(): Promise<string> {
    const remote = new URL(`${endpoint}/_codeconnections/example/hello.git`)
    remote.username = '111111111111'
    remote.password = 'test'
    await user.git('push', '--quiet', remote.href, 'HEAD:main')
    return user.git('rev-parse', 'HEAD')
  }

  const state = async () => (await answer('status'))[0]
  const until = (status: (state: { status: string; stages: Stage[] }) => boolean) => eventually(state, status)

  interface Stage {
    name: string
    actions: { name: string; status: string; approvalToken?: string }[]
  }
  const waits = ({ stages }: { stages: Stage[] }) =>
    stages.some(({ actions }) => actions.some((one) => one.approvalToken))

  beforeAll(async () => {
    user = await User.create()
    await cp(resolve('examples/hello'), user.work, { recursive: true })
    await user.git('init', '--quiet', '--initial-branch=main')
    await user.git('add', '--all')
    await user.git('commit', '--quiet', '--message', 'First commit')
    await startCloud()
  })
  afterAll(async () => {
    cloud?.kill('SIGKILL')
    await user?.remove()
  })

  test('is not deployed where something is denied, also without a terminal', async () => {
    writeFileSync(join(user.work, 'deny.json'), DENY_BUILDS)
    const { status, stdout, stderr } = await crossdock('deploy', '--scp', 'deny.json')
    expect(stdout).toMatch(/denied[\s\S]*codebuild:StartBuild/)
    expect(stderr).toMatch(/Nothing was deployed: the proof has \d+ problems?\. .*--unproven/)
    expect(status).toBe(1)
    const again = await crossdock('deploy', '--scp', 'deny.json', '--json')
    expect(JSON.parse(again.stdout)).toMatchObject({ proven: false })
    expect(again.status).toBe(1)
  })

  test('is deployed, and then has nothing to change', async () => {
    await push()
    const { stacks: first } = await answer('deploy')
    expect(first.length).toBeGreaterThan(4)
    expect(new Set(first.map((one: { outcome: string }) => one.outcome))).toEqual(new Set(['created']))
    const { stacks: again } = await answer('deploy')
    expect(again).toHaveLength(first.length)
    expect(new Set(again.map((one: { outcome: string }) => one.outcome))).toEqual(new Set(['unchanged']))
  })

  test('is deployed all the same with --unproven, which says what it skips', async () => {
    const { status, stdout, stderr } = await crossdock('deploy', '--scp', 'deny.json', '--unproven', '--json')
    expect(stderr).toMatch(
      /--unproven: deployed although the proof has \d+ problems?\n {2}denied: .*codebuild:StartBuild/,
    )
    expect(new Set(JSON.parse(stdout).stacks.map((one: { outcome: string }) => one.outcome))).toEqual(
      new Set(['unchanged']),
    )
    expect(status).toBe(0)
  })

  test('waits for an approval, also over a kill and a restart', async () => {
    const before = await until(waits)
    cloud.kill('SIGKILL')
    await new Promise((done) => cloud.once('close', done))
    await startCloud()
    expect(await state()).toEqual(before)
    expect(await answer('approve', '-m', 'looks good')).toMatchObject({ approved: true, stages: ['prod'] })
    expect((await until(({ status }) => status !== 'InProgress')).status).toBe('Succeeded')
  })

  test('shows the logs of its build', async () => {
    const [build] = await answer('logs')
    expect(build).toMatchObject({ stage: 'Build', action: 'Build' })
    expect(build.lines.join('\n')).toMatch(/node --test/)
    const none = await crossdock('logs', '--action', 'Nothing')
    expect(none.stderr).toMatch(/hello-hello has no action "Nothing"/)
    expect(none.status).toBe(1)
  })

  test('is started by hand, and rejected', async () => {
    const { execution } = await answer('start')
    expect(await until(waits)).toMatchObject({ id: execution })
    expect(await answer('reject', 'hello')).toMatchObject({ approved: false })
    expect((await until(({ status }) => status !== 'InProgress')).status).toBe('Failed')
  })

  test('fails where a test of the application fails, with the end of its log', async () => {
    const test = join(user.work, 'test/greeting.test.mjs')
    writeFileSync(test, readFileSync(test, 'utf8').replaceAll('Hello, ', 'Goodbye, '))
    await user.git('commit', '--quiet', '--all', '--message', 'Expect something else')
    const commit = await push()
    const failed = await eventually(
      state,
      (now) => now?.revision?.id === commit && now.status !== 'InProgress',
    )
    expect(failed.status).toBe('Failed')
    const { stdout, status } = await crossdock('logs')
    expect(stdout).toMatch(/Goodbye, [\s\S]*COMMAND_EXECUTION_ERROR|Goodbye, [\s\S]*Build/)
    expect(status).toBe(0)
  })

  test('ends when its cloud is told to', async () => {
    const closed = new Promise((done) => cloud.once('close', done))
    cloud.kill('SIGTERM')
    expect(await closed).toBe(0)
    const { status, stderr } = await crossdock('status')
    expect(stderr).toMatch(/^error /)
    expect(stderr).not.toMatch(/is a bug in/)
    expect(status).toBe(1)
    expect(user.processes()).toEqual([])
  })
})
