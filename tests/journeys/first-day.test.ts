/** A team's first day: a repository without a fleet file, and a commit of it in production by the end. */
import type { ChildProcess } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { printed, User } from './command-line.ts'

let user: User
let cloud: ChildProcess | undefined

beforeAll(async () => {
  user = await User.create()
  await cp(resolve('examples/hello'), user.work, { recursive: true })
  for (const name of ['crossdock.yaml', 'buildspec.yml', 'README.md'])
    rmSync(join(user.work, name), { force: true })
  await user.git('init', '--quiet', '--initial-branch=main')
  await user.git('remote', 'add', 'origin', 'https://github.com/example/hello.git')
})
afterAll(async () => {
  cloud?.kill('SIGKILL')
  await user?.remove()
})

const INIT = [
  ...['init', '--name', 'hello', '--hub', '111111111111/us-east-1'],
  ...[
    '--environment',
    'dev=222222222222/us-east-1',
    '--environment',
    'prod=444444444444/us-east-1,eu-west-1',
  ],
  ...['--approve', 'prod'],
]

test('init says what it has found and what it wrote, and the fleet is proven', {
  timeout: 30_000,
}, async () => {
  const { stdout, stderr, status } = await user.run(INIT)
  expect(stderr).toBe('')
  expect(stdout).toMatch(
    /found template\.yaml \(a CloudFormation template\), the remote github example\/hello, the branch main/,
  )
  expect(stdout).toMatch(/wrote crossdock\.yaml and buildspec\.yml[\s\S]*next:[\s\S]*crossdock check/)
  expect(status).toBe(0)
  const checked = await user.run(['check'])
  expect(checked.stdout).toMatch(/(\d+) of \1 permissions proven/)
  expect(checked.status).toBe(0)
})

test('a second init changes nothing', async () => {
  const before = readFileSync(join(user.work, 'crossdock.yaml'), 'utf8')
  const { stderr, status } = await user.run(INIT)
  expect(stderr).toMatch(/there is a fleet file already: crossdock\.yaml/)
  expect(status).toBe(1)
  expect(readFileSync(join(user.work, 'crossdock.yaml'), 'utf8')).toBe(before)
})

test('without a terminal it says which answers are missing, and writes nothing', async () => {
  rmSync(join(user.work, 'crossdock.yaml'))
  const { stderr, status } = await user.run(['init'])
  expect(stderr).toMatch(
    /nobody can be asked here, and some answers are missing: --hub <account>\/<region>, --environment/,
  )
  expect(status).toBe(1)
  expect((await user.run(['check'])).stderr).toMatch(/there is no fleet file here/)
  expect((await user.run([...INIT, '--json'])).status).toBe(0)
})

test('the pipeline is deployed, and a commit goes through it', { timeout: 60_000 }, async () => {
  await user.git('add', '--all')
  await user.git('commit', '--quiet', '--message', 'First commit')
  cloud = user.start(['cloud', '--port', '0', '--json'])
  const { endpoint } = JSON.parse(await printed(cloud, /\}\s*$/))
  const environment = { AWS_ENDPOINT_URL: endpoint }
  const deployed = await user.run(['deploy', '--json'], environment)
  expect(`${deployed.status} ${deployed.stderr}`).toBe('0 ')
  const remote = new URL(`${endpoint}/_codeconnections/example/hello.git`)
  remote.username = '111111111111'
  remote.password = 'test'
  await user.git('push', '--quiet', remote.href, 'HEAD:main')
  const watching = user.start(['watch', 'hello'], environment)
  const end = new Promise((done) => watching.once('close', done))
  await printed(watching, /answer with "crossdock approve/)
  expect((await user.run(['approve', 'hello', '--json'], environment)).status).toBe(0)
  expect(await end).toBe(0)
})
