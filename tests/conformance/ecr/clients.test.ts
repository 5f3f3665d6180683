/** The aws CLI, skopeo and buildah against the registry, from outside and within a build; skipped where they are absent. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEV, HUB } from '../cloud.ts'
import { buildspec, openBuilder } from '../codebuild/builder.ts'
import { commandLine, hasCli } from '../command-line.ts'
import { allow, document, PULL, userWith } from './callers.ts'
import { digestOf, imageOf, writeLayout } from './images.ts'

const run = promisify(execFile)
const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0
const hasSkopeo = has('skopeo')

const builder = await openBuilder()
const ecr = builder.client(ECRClient)
const line = commandLine(builder.cloud)
const host = builder.cloud.endpoint.replace('http://', '')

async function create(repositoryName: string): Promise<string> {
  const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName }))
  return repository!.repositoryUri!
}

const digestsIn = async (repositoryName: string) =>
  (await ecr.send(new DescribeImagesCommand({ repositoryName }))).imageDetails!.map((one) => one.imageDigest)

/** Writes an image for `oci:FOLDER:v1`; gives the folder. */
function layout(name: string, text: string): string {
  const folder = join(line.folder, name)
  mkdirSync(folder)
  writeLayout(folder, imageOf(text))
  return folder
}

/** Runs a shell with the clients' files in a folder of the test. */
const shell = (script: string, more: Record<string, string> = {}) => {
  const env = {
    PATH: process.env.PATH,
    HOME: line.folder,
    REGISTRY_AUTH_FILE: join(line.folder, 'logins.json'),
    AWS_ENDPOINT_URL: builder.cloud.endpoint,
    AWS_ACCESS_KEY_ID: HUB,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'us-east-1',
    PYENV_ROOT: process.env.PYENV_ROOT ?? `${process.env.HOME}/.pyenv`,
    ...more,
  }
  return run('sh', ['-euc', script], { env, cwd: line.folder })
}

const LOGIN = `aws ecr get-login-password | skopeo login --tls-verify=false --username AWS --password-stdin ${host}`

describe.skipIf(!hasCli)('the aws CLI (skipped: it is not installed)', () => {
  it('makes, lists and deletes repositories', async () => {
    await line.aws('ecr', 'create-repository', '--repository-name', 'cli', '--tags', 'Key=team,Value=orders')
    const uri = ['--query', 'repositories[0].repositoryUri', '--output', 'text']
    expect(await line.aws('ecr', 'describe-repositories', '--repository-names', 'cli', ...uri)).toBe(
      `${host}/${HUB}/us-east-1/cli\n`,
    )
    await line.aws('ecr', 'delete-repository', '--repository-name', 'cli')
    await expect(line.aws('ecr', 'list-images', '--repository-name', 'cli')).rejects.toThrow(
      'RepositoryNotFoundException',
    )
  }, 60_000)
})

describe.skipIf(!hasCli || !hasSkopeo)('skopeo (skipped: it or the aws CLI is not installed)', () => {
  beforeAll(async () => {
    await shell(LOGIN)
  }, 60_000)

  it('pushes and pulls unchanged', async () => {
    const uri = await create('skopeo')
    const folder = layout('pushed', 'pushed by skopeo')
    await shell(`skopeo copy --preserve-digests --dest-tls-verify=false oci:${folder}:v1 docker://${uri}:v1`)
    expect(await digestsIn('skopeo')).toEqual([imageOf('pushed by skopeo').digest])
    const { stdout } = await shell(
      `skopeo copy -q --preserve-digests --src-tls-verify=false docker://${uri}:v1 oci:back:v1; cat back/blobs/sha256/${digestOf('pushed by skopeo').slice(7)}`,
    )
    expect(stdout).toBe('pushed by skopeo')
  }, 60_000)

  it('pulls across accounts as far as the policies of both sides let it', async () => {
    const uri = await create('shared')
    const folder = layout('shared', 'shared')
    await shell(`skopeo copy --dest-tls-verify=false oci:${folder}:v1 docker://${uri}:v1`)
    const { accessKeyId, secretAccessKey } = await userWith(builder, DEV, 'puller', allow('ecr:*'))
    const dev = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      REGISTRY_AUTH_FILE: join(line.folder, 'dev.json'),
    }
    const pull = () => shell(`skopeo inspect --tls-verify=false docker://${uri}:v1`, dev)
    await shell(LOGIN, dev)
    await expect(pull()).rejects.toThrow(
      'is not authorized to perform: ecr:BatchGetImage on resource: ' +
        `arn:aws:ecr:us-east-1:${HUB}:repository/shared because no resource-based policy allows`,
    )
    const Principal = { AWS: `arn:aws:iam::${DEV}:root` }
    const policyText = document({ Effect: 'Allow', Principal, Action: [...PULL, 'ecr:ListImages'] })
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: 'shared', policyText }))
    expect(JSON.parse((await pull()).stdout).RepoTags).toEqual(['v1'])
    await expect(
      shell(`skopeo copy --dest-tls-verify=false oci:${folder}:v1 docker://${uri}:v2`, dev),
    ).rejects.toThrow('no resource-based policy allows the ecr:')
  }, 60_000)

  it('pushes from a build as the project’s role, with its permissions and not one more', async () => {
    const uri = await create('built')
    const folder = layout('built', 'built')
    const push = ['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage']
    const actions = [...push, 'BatchCheckLayerAvailability'].map((name) => `ecr:${name}`)
    const Resource = `arn:aws:ecr:us-east-1:${HUB}:repository/built`
    const may = await builder.role('pusher', [
      { Action: 'logs:*' },
      { Action: 'ecr:GetAuthorizationToken' },
      { Action: actions, Resource },
    ])
    const mayNot = await builder.role('reader', [
      { Action: ['logs:*', 'ecr:GetAuthorizationToken', 'ecr:BatchCheckLayerAvailability'] },
    ])
    const spec = buildspec({
      build: [
        LOGIN,
        `skopeo copy --preserve-digests --dest-tls-verify=false oci:${folder}:v1 docker://${uri}:$CODEBUILD_BUILD_NUMBER`,
      ],
    })
    const denied = await builder.once('denied', spec, { serviceRole: mayNot })
    expect(denied.build.buildStatus).toBe('FAILED')
    expect(denied.log).toContain('is not authorized to perform: ecr:InitiateLayerUpload')
    const done = await builder.once('pushing', spec, { serviceRole: may })
    expect(done.build.buildStatus, done.log).toBe('SUCCEEDED')
    expect(await digestsIn('built')).toEqual([imageOf('built').digest])
  }, 120_000)
})

describe.skipIf(!hasCli || !has('buildah'))('buildah (skipped: it or the aws CLI is not installed)', () => {
  it('pushes an image that it builds', async () => {
    const uri = await create('buildah')
    writeFileSync(join(line.folder, 'hello.txt'), 'hello\n')
    const registries = join(line.folder, 'registries.conf')
    writeFileSync(registries, `[[registry]]\nlocation = "${host}"\ninsecure = true\n`)
    const store = `--root ${line.folder}/store --runroot ${line.folder}/run --storage-driver vfs`
    await shell(
      [
        `aws ecr get-login-password | buildah login --tls-verify=false --username AWS --password-stdin ${host}`,
        `container=$(buildah ${store} from scratch)`,
        `buildah ${store} copy $container hello.txt /`,
        `buildah ${store} commit $container ${uri}:v1`,
        `buildah ${store} push ${uri}:v1`,
      ].join('\n'),
      { CONTAINERS_REGISTRIES_CONF: registries },
    )
    expect(await digestsIn('buildah')).toHaveLength(1)
  }, 120_000)
})
