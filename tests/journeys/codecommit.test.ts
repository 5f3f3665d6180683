/** A fleet whose source is a CodeCommit repository that the build clones: a push over git ends in every account. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CodeCommitClient, CreateRepositoryCommand } from '@aws-sdk/client-codecommit'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cloud } from '../../src/cloud/index.ts'
import { loadFleet } from '../../src/fleet/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { type Example, failureOf, followNext, openExample, type Shipment, ship } from './ship.ts'

const run = promisify(execFile)
const AUTHOR = ['-c', 'user.name=Journey', '-c', 'user.email=journey@crossdock.example']

let example: Example
let shipment: Shipment

/** Where the hub's root user pushes. */
function addressIn({ endpoint, secret }: Cloud): string {
  const { account, region } = example.fleet.hub
  const url = new URL(`${endpoint}/_codecommit/${region}/v1/repos/hello`)
  url.username = account
  url.password = secret
  return url.href
}

async function prepare(cloud: Cloud): Promise<void> {
  const { account, region } = example.fleet.hub
  const credentials = { accessKeyId: account, secretAccessKey: cloud.secret }
  const client = new CodeCommitClient({ endpoint: cloud.endpoint, region, credentials })
  await client.send(new CreateRepositoryCommand({ repositoryName: 'hello' }))
  client.destroy()
  await run('git', ['push', '--quiet', addressIn(cloud), 'main'], { cwd: example.repository })
}

/** Commits a change of the function and its test, and pushes it; gives the commit. */
async function pushChange(): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), 'crossdock-change-'))
  try {
    const git = async (...words: string[]) =>
      (await run('git', [...AUTHOR, ...words], { cwd: work })).stdout.trim()
    await git('clone', '--quiet', addressIn(shipment.cloud), '.')
    for (const file of ['src/greeting.mjs', 'test/greeting.test.mjs']) {
      const path = join(work, file)
      await writeFile(path, (await readFile(path, 'utf8')).replaceAll('Hello,', 'Welcome,'))
    }
    await git('commit', '--quiet', '--all', '--message', 'A change')
    await git('push', '--quiet', 'origin', 'HEAD:main')
    return await git('rev-parse', 'HEAD')
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** What the function says in every account and region. */
async function answers(): Promise<unknown[]> {
  const said: unknown[] = []
  for (const { accounts, regions } of example.fleet.environments)
    for (const region of regions) {
      const lambda = await shipment.accounts.client(LambdaClient, { account: accounts[0]!.account, region })
      const Payload = Buffer.from('{"name":"Ada"}')
      const answer = await lambda.send(new InvokeCommand({ FunctionName: 'hello', Payload }))
      const { message, commit } = JSON.parse(Buffer.from(answer.Payload ?? []).toString())
      said.push([message, commit])
    }
  return said
}

beforeAll(async () => {
  const hello = await openExample('hello', 'hello', 'example/hello')
  const { file } = hello.fleet
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('github: example/hello, branch: main', 'codecommit: hello, clone: full'))
  const fleet = await loadFleet(file)
  example = { ...hello, fleet, assembly: synthesize(fleet) }
  shipment = await ship(example, example.assembly, { prepare })
}, 90_000)

afterAll(async () => {
  await shipment?.end()
  await example?.remove()
})

test('the first commit is deployed into every account, and a push brings the next one', async () => {
  expect(shipment.state?.status, failureOf(shipment)).toBe('Succeeded')
  const first = shipment.state?.revision?.id
  expect(await answers()).toEqual(Array(5).fill(['Hello, Ada!', first]))
  let second = ''
  const state = await followNext(shipment.accounts, example.fleet.hub, example.pipeline, async () => {
    second = await pushChange()
  })
  expect(state.status, failureOf({ state })).toBe('Succeeded')
  expect(await answers()).toEqual(Array(5).fill(['Welcome, Ada!', second]))
}, 90_000)

test('the build pulled as its own role, and nobody was denied anything', () => {
  const entries = shipment.cloud.trail.entries()
  expect(
    entries.filter(({ decision }) => decision.effect !== 'allowed').map((one) => one.decision.message),
  ).toEqual([])
  const pulls = entries.filter(({ action }) => action === 'codecommit:GitPull')
  expect(pulls.some(({ caller }) => caller.includes('/AWSCodeBuild-'))).toBe(true)
})
