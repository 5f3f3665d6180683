/** examples/foreign/ecs-policies: which template goes where, in the order its README gives. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { ForeignSystem, World } from './foreign-system.ts'
import { pushChange } from './ship.ts'

const run = promisify(execFile)

export const BUILD = '111111111111'
export const TEST = '333333333333'
const region = 'us-west-2'
const hub = { account: BUILD, region }

export const ecsPolicies: ForeignSystem = {
  folder: 'ecs-policies',
  hub,
  pipeline: 'my-thing',
  applications: [],
  deployments: [
    { stack: 'my-thing-build', template: 'build.yaml', target: hub, parameters: { TestAccount: TEST } },
    {
      stack: 'my-thing-test',
      template: 'test.yaml',
      target: { account: TEST, region },
      parameters: {
        BuildAccount: BUILD,
        ArtifactBucket: '{my-thing-build.ArtifactBucket}',
        KeyArn: '{my-thing-build.KeyArn}',
        RepositoryArn: '{my-thing-build.RepositoryArn}',
        Subnets: 'subnet-1',
      },
    },
    {
      stack: 'my-thing-pipeline',
      template: 'pipeline.yaml',
      target: hub,
      parameters: {
        PipelineRoleArn: '{my-thing-build.PipelineRoleArn}',
        ArtifactBucket: '{my-thing-build.ArtifactBucket}',
        KeyArn: '{my-thing-build.KeyArn}',
        ConnectionArn: '{my-thing-build.ConnectionArn}',
        DeployRoleArn: '{my-thing-test.DeployRoleArn}',
      },
      before: commitApplication,
    },
  ],
  revise: ({ cloud }) =>
    pushChange({ repository: repositoryOf(cloud), repositoryId: REPOSITORY, account: BUILD }, cloud, {
      files: ['server.mjs'],
      from: 'Hello from my thing',
      to: 'Hello again',
    }),
}

const REPOSITORY = 'example/my-thing'
const repositoryOf = ({ folder }: World['cloud']): string => join(folder, 'repositories', `${REPOSITORY}.git`)

/** Copies the application's files, with what pushes its image where there is no container engine. */
export async function copyApplication(folder: string): Promise<void> {
  await cp(resolve('examples/foreign/ecs-policies/app'), folder, { recursive: true })
  await cp(resolve('examples/ecs/web/push-image.mjs'), join(folder, 'push-image.mjs'))
}

/** Puts the application's repository where the connection leads. */
async function commitApplication({ cloud }: World): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'crossdock-foreign-'))
  try {
    await copyApplication(folder)
    const who = ['-c', 'user.name=Journey', '-c', 'user.email=journey@crossdock.example']
    const git = (...words: string[]) => run('git', [...who, ...words], { cwd: folder })
    await git('init', '--quiet', '--initial-branch=main')
    await git('add', '--all')
    await git('commit', '--quiet', '--message', 'First commit')
    const home = repositoryOf(cloud)
    await mkdir(dirname(home), { recursive: true })
    await git('clone', '--quiet', '--bare', folder, home)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
