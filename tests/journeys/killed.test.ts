/** `crossdock cloud` killed with SIGKILL: what was acknowledged goes on, and the folder is free at once. */
import type { ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CodePipelineClient,
  CreatePipelineCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline'
import { CodeStarConnectionsClient, CreateConnectionCommand } from '@aws-sdk/client-codestar-connections'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { action, approval, pipelineOf } from '../conformance/codepipeline/declarations.ts'
import { ended, eventually, printed, User } from './command-line.ts'

const HUB = '111111111111'
const ROUNDS = 4

let user: User
const running: ChildProcess[] = []
beforeAll(async () => {
  user = await User.create()
})
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await user.remove()
})

const args = (data: string) => ['cloud', '--port', '0', '--json', '--data', data]

async function start(data: string): Promise<{ child: ChildProcess; endpoint: string; said: () => string }> {
  const child = user.start(args(data))
  running.push(child)
  let said = ''
  child.stderr!.on('data', (chunk) => {
    said += chunk
  })
  return { child, endpoint: JSON.parse(await printed(child, /\}\s*$/)).endpoint, said: () => said }
}

async function kill(child: ChildProcess): Promise<void> {
  const end = new Promise((done) => child.once('close', done))
  child.kill('SIGKILL')
  await end
}

const clientOf = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: HUB, secretAccessKey: 'test' },
})

async function makePipeline(endpoint: string): Promise<void> {
  const settings = clientOf(endpoint)
  const [iam, s3] = [new IAMClient(settings), new S3Client(settings)]
  const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const trust = {
    Effect: 'Allow',
    Principal: { Service: 'codepipeline.amazonaws.com' },
    Action: 'sts:AssumeRole',
  }
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: document(trust) }),
  )
  const PolicyDocument = document({
    Effect: 'Allow',
    Action: ['s3:*', 'codestar-connections:UseConnection'],
    Resource: '*',
  })
  await iam.send(new PutRolePolicyCommand({ RoleName: 'r', PolicyName: 'p', PolicyDocument }))
  await s3.send(new CreateBucketCommand({ Bucket: 'artifacts' }))
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'artifacts', VersioningConfiguration }))
  const { ConnectionArn = '' } = await new CodeStarConnectionsClient(settings).send(
    new CreateConnectionCommand({ ConnectionName: 'c', ProviderType: 'GitHub' }),
  )
  const source = action('Fetch', ['Source', 'CodeStarSourceConnection'], {
    configuration: { ConnectionArn, FullRepositoryId: 'team/app', BranchName: 'main' },
    outputArtifacts: [{ name: 'SourceOutput' }],
  })
  const stages = [[source], [approval()]]
  await new CodePipelineClient(settings).send(
    new CreatePipelineCommand({ pipeline: pipelineOf('pushed', Role!.Arn!, 'artifacts', stages) }),
  )
}

describe('a cloud that is killed', () => {
  it('runs for every push that git was told of', async () => {
    const data = join(user.folder, 'pushes')
    await user.git('init', '--quiet', '--initial-branch=main')
    let cloud = await start(data)
    await makePipeline(cloud.endpoint)
    const pushed: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      writeFileSync(join(user.work, 'readme.txt'), `${round}`)
      await user.git('add', '.')
      await user.git('commit', '--quiet', '-m', `${round}`)
      pushed.push(await user.git('rev-parse', 'HEAD'))
      const remote = new URL(`${cloud.endpoint}/_codeconnections/team/app.git`)
      remote.username = HUB
      remote.password = 'test'
      await user.git('push', '--quiet', remote.href, 'HEAD:main')
      await kill(cloud.child)
      cloud = await start(data)
    }
    const client = new CodePipelineClient(clientOf(cloud.endpoint))
    const commits = await eventually(
      async () => {
        const { pipelineExecutionSummaries: all = [] } = await client.send(
          new ListPipelineExecutionsCommand({ pipelineName: 'pushed' }),
        )
        return all
          .filter((one) => one.trigger?.triggerType === 'Webhook')
          .map((one) => one.sourceRevisions?.[0]?.revisionId)
          .reverse()
      },
      (found) => found.length >= ROUNDS && found.every(Boolean),
    )
    expect(commits).toEqual(pushed)
    await kill(cloud.child)
  }, 60_000)

  it('leaves its folder free at once, and one that lives is named', async () => {
    const data = join(user.folder, 'locked')
    const first = await start(data)
    const refused = await ended(user.start(args(data)))
    expect(refused.status).not.toBe(0)
    expect(refused.stderr).toContain(`is in use by another cloud (process ${first.child.pid}, since `)
    expect(refused.stderr).toContain(`at ${first.endpoint}`)
    await kill(first.child)
    const second = await start(data)
    await kill(second.child)
  })
})

it.skipIf(process.platform === 'win32')(
  'closes a folder that is open to others, and says so once',
  async () => {
    const data = join(user.folder, 'open')
    mkdirSync(data)
    chmodSync(data, 0o755)
    const first = await start(data)
    expect(first.said()).toMatch(
      /1 file or folder of .*open could be reached by other users; now they cannot/,
    )
    await kill(first.child)
    const paths = [data, join(data, 'state'), join(data, 'state', 'data.mdb')]
    for (const path of paths) chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644)
    const second = await start(data)
    expect(second.said()).toMatch(/3 files and folders of .*open could be reached by other users/)
    await kill(second.child)
    expect(paths.map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(['700', '700', '600'])
    const third = await start(data)
    expect(third.said()).toBe('')
    await kill(third.child)
  },
)

it('says what is wrong with a folder that cannot be one', async () => {
  const data = join(user.folder, 'file')
  writeFileSync(data, '')
  const { status, stderr } = await user.run(args(data))
  expect(status).not.toBe(0)
  expect(stderr).toMatch(
    /the data folder .*file cannot be written: .*\n.*give a folder of your own with --data/,
  )
})
