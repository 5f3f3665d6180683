/** Repositories over git's own protocol: who may, with which passwords, and what a push tells. */

import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import {
  CodeCommitClient,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  GetRepositoryCommand,
} from '@aws-sdk/client-codecommit'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CloudEvent } from '../../../src/cloud/kernel/event-bus.ts'
import { type Credentials, DEV, HUB, startTestCloud } from '../cloud.ts'
import { addressed, gitClient, hasHelper } from './git-client.ts'

const test = await startTestCloud()
const commits = test.client(CodeCommitClient)
const iam = test.client(IAMClient)
const work = await gitClient()
const ROOT: Credentials = { accessKeyId: HUB, secretAccessKey: 'test' }
let url = ''

async function make(repositoryName: string, client = commits): Promise<string> {
  const { repositoryMetadata } = await client.send(new CreateRepositoryCommand({ repositoryName }))
  return repositoryMetadata!.cloneUrlHttp!
}

/** What EventBridge is told while something is done. */
async function events(doing: () => Promise<unknown>): Promise<CloudEvent[]> {
  const seen: CloudEvent[] = []
  const stop = test.cloud.bus.listen((one) => one.source === 'aws.codecommit' && seen.push(one))
  await doing()
  stop()
  return seen
}

async function userWith(name: string, ...statements: object[]): Promise<Credentials> {
  await iam.send(new CreateUserCommand({ UserName: name }))
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'p', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }))
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
}

const arn = (name: string) => `arn:aws:codecommit:us-east-1:${HUB}:${name}`

beforeAll(async () => {
  url = await make('app')
  await work.commit({ 'readme.txt': 'one' })
  await work.git('push', '--quiet', addressed(url), 'main')
})

describe('a repository', () => {
  it('is at an address of the cloud, and cloned from it', async () => {
    expect(url).toBe(`${test.cloud.endpoint}/_codecommit/us-east-1/v1/repos/app`)
    await work.git('clone', '--quiet', addressed(url), 'clone')
    expect(readFileSync(join(work.folder, 'clone', 'readme.txt'), 'utf8')).toBe('one')
  })

  it('has the first branch that is pushed as its default branch, which clones begin with', async () => {
    const address = await make('developed')
    await work.git('push', '--quiet', addressed(address), 'HEAD:develop')
    const { repositoryMetadata } = await commits.send(
      new GetRepositoryCommand({ repositoryName: 'developed' }),
    )
    expect(repositoryMetadata?.defaultBranch).toBe('develop')
    await work.git('clone', '--quiet', addressed(address), 'developed')
    expect(existsSync(join(work.folder, 'developed', 'readme.txt'))).toBe(true)
  })

  it('tells EventBridge of branches and tags that are made, moved and taken away', async () => {
    const address = addressed(await make('told'))
    const [first, second] = [await work.git('rev-parse', 'HEAD'), await work.commit({ 'two.txt': '2' })]
    const seen = await events(async () => {
      await work.git('push', '--quiet', address, `${first}:refs/heads/main`)
      await work.git('push', '--quiet', address, 'HEAD:main', 'HEAD:refs/tags/v1')
      await work.git('push', '--quiet', address, ':refs/tags/v1')
    })
    const branch = { referenceType: 'branch', referenceName: 'main', referenceFullName: 'refs/heads/main' }
    const tag = { referenceType: 'tag', referenceName: 'v1', referenceFullName: 'refs/tags/v1' }
    const common = { repositoryName: 'told', repositoryId: expect.stringMatching(/^[0-9a-f-]{36}$/) }
    expect(seen.map(({ detail }) => detail)).toEqual([
      { event: 'referenceCreated', ...common, ...branch, commitId: first },
      { event: 'referenceUpdated', ...common, ...branch, commitId: second, oldCommitId: first },
      { event: 'referenceCreated', ...common, ...tag, commitId: second },
      { event: 'referenceDeleted', ...common, ...tag, oldCommitId: second },
    ])
    expect(seen[0]).toMatchObject({
      source: 'aws.codecommit',
      detailType: 'CodeCommit Repository State Change',
      account: HUB,
      region: 'us-east-1',
      resources: [arn('told')],
    })
  })

  it('is one of the account of whoever asks, in the region of the address', async () => {
    await expect(
      work.git('ls-remote', addressed(url, { accessKeyId: DEV, secretAccessKey: 'test' })),
    ).rejects.toThrow(/not found/)
    await expect(work.git('ls-remote', addressed(url.replace('us-east-1', 'eu-west-1')))).rejects.toThrow(
      /not found/,
    )
  })

  it('that is deleted takes its folder along', async () => {
    const address = await make('short')
    await work.git('push', '--quiet', addressed(address), 'HEAD:main')
    const { repositoryId } = await commits.send(new DeleteRepositoryCommand({ repositoryName: 'short' }))
    expect(existsSync(join(test.cloud.folder, 'codecommit', `${repositoryId}.git`))).toBe(false)
    await expect(work.git('ls-remote', addressed(address))).rejects.toThrow(/not found/)
  })
})

describe('passwords', () => {
  it('that are wrong are refused', async () => {
    await expect(work.git('ls-remote', addressed(url, { ...ROOT, secretAccessKey: 'no' }))).rejects.toThrow(
      /403/,
    )
    await expect(
      work.git(
        'ls-remote',
        addressed(url, { ...ROOT, secretAccessKey: `20260101T000000Z${'0'.repeat(64)}` }),
      ),
    ).rejects.toThrow(/403/)
    await expect(work.git('ls-remote', url)).rejects.toThrow(/could not read Username|terminal prompts/)
  })

  it.skipIf(!hasHelper)(
    'come from the credential helper, also of a session (skipped: there is no aws CLI)',
    async () => {
      expect(await work.signed(ROOT, 'ls-remote', url, 'main')).toMatch(/refs\/heads\/main$/)
      const AssumeRolePolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: HUB }, Action: 'sts:AssumeRole' }],
      })
      const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument }))
      const PolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'codecommit:GitPull', Resource: arn('app') }],
      })
      await iam.send(new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'p', PolicyDocument }))
      const user = await userWith('assumer', { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' })
      const { Credentials: made } = await test
        .client(STSClient, { credentials: user })
        .send(new AssumeRoleCommand({ RoleArn: Role!.Arn!, RoleSessionName: 'session' }))
      const session = {
        accessKeyId: made!.AccessKeyId!,
        secretAccessKey: made!.SecretAccessKey!,
        sessionToken: made!.SessionToken!,
      }
      expect(await work.signed(session, 'ls-remote', url, 'main')).toMatch(/refs\/heads\/main$/)
      await expect(work.signed(session, 'push', url, 'HEAD:other')).rejects.toThrow(/403/)
      await expect(work.signed({ ...ROOT, secretAccessKey: 'no' }, 'ls-remote', url, 'main')).rejects.toThrow(
        /403/,
      )
    },
    60_000,
  )
})

describe('policies', () => {
  it('allow pulling and pushing apart', async () => {
    const reader = await userWith('pulls', {
      Effect: 'Allow',
      Action: 'codecommit:GitPull',
      Resource: arn('app'),
    })
    await work.git('ls-remote', addressed(url, reader))
    await expect(work.git('push', addressed(url, reader), 'HEAD:x')).rejects.toThrow(/403/)
  })

  // AWS: the example of "Limit pushes and merges to branches".
  it('deny pushes to a branch, and say so at it', async () => {
    const developer = await userWith(
      'developer',
      { Effect: 'Allow', Action: 'codecommit:*', Resource: arn('app') },
      {
        Effect: 'Deny',
        Action: ['codecommit:GitPush', 'codecommit:PutFile'],
        Resource: arn('app'),
        Condition: {
          StringEqualsIfExists: { 'codecommit:References': ['refs/heads/main', 'refs/heads/prod'] },
          Null: { 'codecommit:References': 'false' },
        },
      },
    )
    const address = addressed(url, developer)
    await work.git('push', '--quiet', address, 'HEAD:feature/x')
    await expect(work.git('push', address, 'HEAD:main')).rejects.toThrow(
      /remote rejected.*main.*not authorized to perform: codecommit:GitPush.*explicit deny/s,
    )
    // One reference that may not be pushed refuses them all.
    await expect(work.git('push', address, 'HEAD:prod', 'HEAD:feature/y')).rejects.toThrow(/remote rejected/)
    const refs = await work.git('ls-remote', addressed(url))
    expect(refs).toContain('refs/heads/feature/x')
    expect(refs).not.toMatch(/prod|feature\/y/)
  })
})

describe('what no git sends', () => {
  const ask = (path: string, body?: string | Buffer): Promise<number> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(test.cloud.endpoint)
      const authorization = `Basic ${Buffer.from(`${HUB}:test`).toString('base64')}`
      const options = { port, path, method: body === undefined ? 'GET' : 'POST', headers: { authorization } }
      const sent = request({ host: '127.0.0.1', ...options }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
      })
      sent.on('error', reject).end(body)
    })

  it.each([
    '/_codecommit/us-east-1/v1/repos/../../x/info/refs',
    '/_codecommit/us-east-1/v1/repos/%2e%2e/info/refs',
    '/_codecommit/us-east-1/v1/repos/app/HEAD',
    '/_codecommit/us-east-1/v1/repos/app/objects/info/packs',
    '/_codecommit/us-east-1/v1/repos/nobody/info/refs?service=git-upload-pack',
    '/_codecommit/x',
  ])('%s is not found', async (path) => expect(await ask(path)).toBe(404))

  it.each([
    ['no packet', 'hello'],
    ['half a packet', '00ff0'],
    ['nothing', ''],
    ['a signed push', '0015push-cert\0report-x0000'],
    ['a packet without end', `ffff${'x'.repeat(3000)}`],
  ])('a push of %s is refused', async (_what, body) =>
    expect(await ask('/_codecommit/us-east-1/v1/repos/app/git-receive-pack', Buffer.from(body))).toBe(400),
  )
})
