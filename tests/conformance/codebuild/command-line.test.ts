/** CodeBuild as the aws CLI and boto3 use it; skipped where they are not installed. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { buildspec, HUB, openBuilder } from './builder.ts'

const run = promisify(execFile)
const works = (command: string, ...words: string[]) => spawnSync(command, words).status === 0
const builder = await openBuilder()
const folder = mkdtempSync(join(tmpdir(), 'crossdock-codebuild-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  AWS_ENDPOINT_URL: builder.cloud.endpoint,
  AWS_ACCESS_KEY_ID: HUB,
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: 'us-east-1',
  PYENV_ROOT: process.env.PYENV_ROOT ?? `${process.env.HOME}/.pyenv`,
}
const SPEC = buildspec({ build: ['echo "says $SAYS"'] })

describe.skipIf(!works('aws', '--version'))('aws (skipped: the aws CLI is not installed)', () => {
  const aws = async (...words: string[]) =>
    (await run('aws', ['codebuild', ...words], { env, cwd: folder })).stdout

  it('codebuild create-project, start-build, batch-get-builds, list-builds, delete-project', async () => {
    const source = JSON.stringify({ type: 'NO_SOURCE', buildspec: SPEC })
    await aws(
      ...['create-project', '--name', 'cli', '--service-role', builder.builderRole, '--source', source],
      ...['--artifacts', 'type=NO_ARTIFACTS', '--environment'],
      'type=LINUX_CONTAINER,image=i,computeType=BUILD_GENERAL1_SMALL',
    )
    const started = JSON.parse(
      await aws(
        'start-build',
        '--project-name',
        'cli',
        '--environment-variables-override',
        'name=SAYS,value=hi',
      ),
    )
    expect(started.build).toMatchObject({
      buildStatus: 'IN_PROGRESS',
      environment: { environmentVariables: [{ name: 'SAYS', value: 'hi', type: 'PLAINTEXT' }] },
    })
    await builder.cloud.settled()
    const status = ['--query', 'builds[0].buildStatus', '--output', 'text']
    expect(await aws('batch-get-builds', '--ids', started.build.id, ...status)).toBe('SUCCEEDED\n')
    expect(await builder.log(started.build)).toContain('says hi')
    expect(JSON.parse(await aws('list-builds-for-project', '--project-name', 'cli')).ids).toEqual([
      started.build.id,
    ])
    await aws('delete-project', '--name', 'cli')
    expect(JSON.parse(await aws('list-projects')).projects).not.toContain('cli')
  }, 60_000)
})

const PROGRAM = `
import boto3, sys
client = boto3.client('codebuild')
role, spec = sys.argv[1:]
client.create_project(name='boto', serviceRole=role, source={'type': 'NO_SOURCE', 'buildspec': spec},
    artifacts={'type': 'NO_ARTIFACTS'},
    environment={'type': 'LINUX_CONTAINER', 'image': 'i', 'computeType': 'BUILD_GENERAL1_SMALL'})
build = client.start_build(projectName='boto')['build']
while not build['buildComplete']:
    build = client.batch_get_builds(ids=[build['id']])['builds'][0]
print(build['buildStatus'], [page['ids'] for page in client.get_paginator('list_builds').paginate()][0][0] == build['id'])
try:
    client.start_build(projectName='none')
except client.exceptions.ResourceNotFoundException as error:
    print(error.response['Error']['Message'])
`

describe.skipIf(!works('python3', '-c', 'import boto3'))('boto3 (skipped: it is not installed)', () => {
  it('creates a project, starts a build, waits, and has the errors as its own classes', async () => {
    const words = ['-c', PROGRAM, builder.builderRole, SPEC]
    const { stdout } = await run('python3', words, { env, cwd: folder })
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'SUCCEEDED True',
      `Project cannot be found: arn:aws:codebuild:us-east-1:${HUB}:project/none`,
    ])
  }, 60_000)
})
