/** A pipeline's working days, steered from the command line: what waits, what is where, trying again, going back, holding. */
import type { ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PastExecution, Standing } from '../../src/operate/index.ts'
import { ended, eventually, printed, User } from './command-line.ts'

let user: User
let cloud: ChildProcess
let endpoint: string
/** The commits that were pushed, oldest first. */
const commits: string[] = []

const IDLE = `  idle:
    source: { github: example/idle, branch: main }
    build: { buildspec: buildspec.yml }
    deploy: [{ cloudformation: { template: template.yaml, stack: idle, parameters: { Stage: "\${environment}", CodeBucket: "\${artifact.bucket}", CodeKey: "\${artifact.key}" } } }]
    stages: [dev]
`

beforeAll(async () => {
  user = await User.create()
  await cp(resolve('examples/hello'), user.work, { recursive: true })
  const fleet = join(user.work, 'crossdock.yaml')
  writeFileSync(fleet, `${readFileSync(fleet, 'utf8')}${IDLE}`)
  await user.git('init', '--quiet', '--initial-branch=main')
  await user.git('add', '--all')
  await user.git('commit', '--quiet', '--message', 'First commit')
  cloud = user.start(['cloud', '--port', '0', '--json'])
  endpoint = JSON.parse(await printed(cloud, /\}\s*$/)).endpoint
  await answer('deploy')
}, 60_000)

afterAll(async () => {
  cloud?.kill('SIGKILL')
  await user?.remove()
})

const environment = () => ({ AWS_ENDPOINT_URL: endpoint })
const crossdock = (...args: string[]) => user.run(args, environment())

async function answer(...args: string[]) {
  const { status, stdout, stderr } = await crossdock(...args, '--json')
  expect(`${status} ${stderr}`).toBe('0 ')
  return JSON.parse(stdout)
}

/** Pushes a commit of this message. */
async function push(message: string): Promise<void> {
  await user.git('commit', '--quiet', '--allow-empty', '--message', message)
  const remote = new URL(`${endpoint}/_codeconnections/example/hello.git`)
  remote.username = '111111111111'
  remote.password = 'test'
  await user.git('push', '--quiet', remote.href, 'HEAD:main')
  commits.push(await user.git('rev-parse', 'HEAD'))
}

const standings = (): Promise<(Standing & { id: string })[]> => answer('status')
const stage = async (name: string) =>
  (await standings()).find(({ id }) => id === 'hello')?.stages.find((one) => one.name === name)
const newest = async () => (await standings())[0]!.newest
const shippedTo = async (name: string) => (await stage(name))?.shipped?.execution.revisions[0]?.id
const waitsFor = (commit: string) =>
  eventually(
    async () => {
      const [waiting] = (await stage('prod'))?.waiting ?? []
      return waiting && (await executionOf(commit)).id === waiting.execution
    },
    (isThere) => isThere === true,
  )

async function executionOf(commit: string): Promise<PastExecution> {
  const all: PastExecution[] = await answer('history', 'hello', '--limit', 'all')
  return all.find(({ revisions, target }) => revisions[0]?.id === commit && !target)!
}

test('a commit is watched until it is shipped, and answered from beside', { timeout: 60_000 }, async () => {
  await push('Second commit')
  await eventually(newest, (found) => found !== undefined)
  const watching = user.start(['watch', 'hello'], environment())
  const end = ended(watching)
  await printed(watching, /answer with "crossdock approve hello-hello --execution [0-9a-f-]+", or reject/)
  const [id] = [(await newest())!.id]
  expect(await answer('approve', 'hello', '--execution', id)).toMatchObject({ stages: ['prod'] })
  const { status, stdout } = await end
  expect(stdout).toMatch(/What this would change:[\s\S]*hello 444444444444 eu-west-1/)
  expect(stdout).toMatch(/✔ prod \/ /)
  expect(status).toBe(0)
})

test('the overview tells what is where, and what waits', { timeout: 60_000 }, async () => {
  await push('Third commit')
  await waitsFor(commits[1]!)
  const { stdout } = await crossdock('status')
  const [first, second] = commits.map((one) => one.slice(0, 8))
  expect(stdout).toMatch(
    new RegExp(
      `waits for an answer\n {2}\\? hello / prod / \\S+ {2}${second} Third commit {2}for <1 min {2}crossdock approve hello`,
    ),
  )
  expect(stdout).toMatch(
    new RegExp(`… hello {2}dev ${second} <1 min · test ${second} <1 min · prod ${first} <1 min`),
  )
  // A pipeline starts when it is made, and this one has no repository.
  expect(stdout).toMatch(/✖ idle {3}dev —/)
})

test('an approval is found behind a newer execution', { timeout: 60_000 }, async () => {
  await push('Fourth commit')
  await eventually(
    () => shippedTo('test'),
    (commit) => commit === commits[2],
  )
  const { stdout } = await crossdock('status', 'hello')
  const waiting = await executionOf(commits[1]!)
  expect(stdout).toContain(`the execution ${waiting.id} waits in prod / `)
  const said = await crossdock('approve', 'hello')
  expect(said.stdout).toMatch(
    new RegExp(`${waiting.id} {2}${commits[1]!.slice(0, 8)} Third commit {2}waits in prod /`),
  )
  expect(said.stdout).toMatch(/approved hello-hello \/ prod \//)
  await eventually(
    () => shippedTo('prod'),
    (commit) => commit === commits[1],
  )
})

test('what was rejected is tried again, and shipped', { timeout: 60_000 }, async () => {
  await waitsFor(commits[2]!)
  await answer('reject', 'hello', '-m', 'not today')
  await eventually(newest, (found) => found?.status === 'Failed')
  const failed = await crossdock('status', '--exit-status')
  expect(failed.stdout).toMatch(/failed\n {2}✖ hello \/ prod \/ /)
  expect(failed.status).toBe(1)
  expect(await answer('retry', 'hello')).toMatchObject({ stage: 'prod' })
  await waitsFor(commits[2]!)
  await answer('approve', 'hello')
  await eventually(newest, (found) => found?.status === 'Succeeded')
  const { status, stderr } = await crossdock('retry', 'hello')
  expect(stderr).toMatch(/is Succeeded: no stage of it can be tried again/)
  expect(status).toBe(1)
})

test('a stage is rolled back to what was there before', { timeout: 60_000 }, async () => {
  const { stderr } = await crossdock('rollback', 'hello')
  expect(stderr).toMatch(/ships through several stages\n {2}fix: name one with --stage: dev, test, prod/)
  const back = user.run(['rollback', 'hello', '--stage', 'prod', '--wait'], environment())
  const id = await eventually(
    async () => (await stage('prod'))?.waiting[0]?.execution,
    (execution) => execution !== undefined,
  )
  await answer('approve', 'hello', '--execution', id!)
  const { stdout, status } = await back
  expect(stdout).toMatch(
    new RegExp(
      `from {2}[0-9a-f-]+ {2}${commits[2]!.slice(0, 8)} Fourth commit\n {2}to {4}[0-9a-f-]+ {2}${commits[1]!.slice(0, 8)} Third commit`,
    ),
  )
  expect(status).toBe(0)
  expect(await shippedTo('prod')).toBe(commits[1])
  const shipped = (await crossdock('releases', 'hello', '--stage', 'prod')).stdout.split('\n')
  expect(
    shipped.map((line) =>
      line
        .replace(/[0-9a-f-]{36}/g, 'ID')
        .trim()
        .split(/ {2,}/)
        .slice(0, 2)
        .join(' '),
    ),
  ).toEqual([
    'hello-hello / prod',
    `ID ${commits[1]!.slice(0, 8)} Third commit`,
    `ID ${commits[2]!.slice(0, 8)} Fourth commit`,
    `ID ${commits[1]!.slice(0, 8)} Third commit`,
    `ID ${commits[0]!.slice(0, 8)} Second commit`,
    '',
  ])
  const nowhere = await crossdock(
    'rollback',
    'hello',
    '--stage',
    'prod',
    '--to',
    '00000000-0000-0000-0000-000000000000',
  )
  expect(nowhere.stderr).toMatch(/did not succeed in the stage prod of hello-hello/)
})

test('a stage is held, and what waits before it is stopped', { timeout: 60_000 }, async () => {
  expect(await answer('pause', 'hello', '--stage', 'test', '-m', 'the fair')).toMatchObject({ paused: true })
  const { execution } = await answer('start', 'hello', '--source', `Source=${commits[0]}`)
  await eventually(
    () => shippedTo('dev'),
    (commit) => commit === commits[0],
  )
  expect((await crossdock('status')).stdout).toMatch(
    /paused\n {2}‖ hello \/ test {2}the fair {2}crossdock resume hello --stage test/,
  )
  expect(await answer('resume', 'hello', '--stage', 'test')).toMatchObject({ paused: false })
  await waitsFor(commits[0]!)
  expect(await answer('stop', 'hello', '--abandon', '-m', 'enough')).toMatchObject({ execution })
  await eventually(newest, (found) => found?.status === 'Stopped')
  const { stdout } = await crossdock('show', execution)
  expect(stdout).toMatch(
    new RegExp(`hello-hello {2}Stopped {2}${execution} {2}${commits[0]!.slice(0, 8)} Second commit`),
  )
})

test('a log is followed to the end of its execution', { timeout: 60_000 }, async () => {
  const { execution } = await answer('start', 'hello')
  const following = user.start(['logs', 'hello', '--follow', '--action', 'Build'], environment())
  const end = ended(following)
  await waitsFor(commits[2]!)
  await answer('reject', 'hello', '--execution', execution)
  const { stdout, status } = await end
  expect(stdout).toMatch(/^Build \/ Build │ .*node --test/m)
  expect(stdout.match(/Running command node --test/g)?.length ?? 1).toBe(1)
  expect(status).toBe(0)
})

test.each([
  [
    'a stage that there is not',
    ['pause', 'hello', '--stage', 'tset'],
    /hello-hello has no stage "tset"\n {2}fix: its stages: Source, Build, dev, test, prod/,
    1,
  ],
  ['no stage', ['pause', 'hello'], /name the stage with --stage: Build, dev, test, prod/, 2],
  [
    'a source that there is not',
    ['start', 'hello', '--source', 'Sauce=1'],
    /hello-hello has no source "Sauce"\n {2}fix: its sources: Source/,
    1,
  ],
  [
    'a source without revision',
    ['start', 'hello', '--source', 'Source'],
    /--source takes <name>=<value>, not "Source"/,
    2,
  ],
  ['a variable that there is not', ['start', 'hello', '--variable', 'a=b'], /^error /, 1],
  [
    'an execution that there is not',
    ['show', '00000000-0000-0000-0000-000000000000'],
    /no pipeline of the fleet has the execution 0000/,
    1,
  ],
  ['an id that is none', ['show', 'newest'], /takes the id of an execution/, 2],
  [
    'no number',
    ['history', 'hello', '--limit', 'few'],
    /--limit takes a number from 1, or "all", not "few"/,
    2,
  ],
  [
    'a log as JSON',
    ['logs', 'hello', '--follow', '--json'],
    /--follow prints lines as they come: it has no --json/,
    2,
  ],
])('%s is told', async (_what, args, message, expected) => {
  const { status, stderr } = await crossdock(...args)
  expect(stderr).toMatch(message)
  expect(stderr).not.toMatch(/is a bug/)
  expect(status).toBe(expected)
})
