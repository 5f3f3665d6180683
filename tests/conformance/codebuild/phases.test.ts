/** Phases: one shell for all, what a failure does to the rest, runtimes, exported variables. */
import { describe, expect, it } from 'vitest'
import { buildspec, failureOf, openBuilder, phasesOf, printed } from './builder.ts'

const builder = await openBuilder()
const BEFORE = ['SUBMITTED', 'QUEUED', 'PROVISIONING', 'DOWNLOAD_SOURCE'].map((one) => `${one} SUCCEEDED`)
const END = ['FINALIZING SUCCEEDED', 'COMPLETED']

describe('a build', () => {
  it('runs every phase in one shell', async () => {
    const spec = buildspec({
      install: ['greet() { echo "hello $1 from $(basename $PWD)"; }', 'mkdir deep', 'cd deep'],
      pre_build: ['NAME=Ada'],
      build: ['greet $NAME'],
      post_build: ['echo "succeeding=$CODEBUILD_BUILD_SUCCEEDING"'],
    })
    const { build, log } = await builder.once('one-shell', spec)
    expect(phasesOf(build)).toEqual([
      ...BEFORE,
      ...['INSTALL', 'PRE_BUILD', 'BUILD', 'POST_BUILD', 'UPLOAD_ARTIFACTS'].map((one) => `${one} SUCCEEDED`),
      ...END,
    ])
    expect(build).toMatchObject({
      buildStatus: 'SUCCEEDED',
      buildComplete: true,
      currentPhase: 'COMPLETED',
      buildNumber: 1,
      initiator: 'root',
      artifacts: { location: '' },
    })
    expect(printed(log)).toEqual(['hello Ada from deep', 'succeeding=1'])
  })

  it('skips what follows a failing command, but not finally', async () => {
    const spec = buildspec({
      build: { commands: ['echo one', '(exit 3)', 'echo two'], finally: ['echo cleaned'] },
    })
    const { build, log } = await builder.once('finally', spec)
    expect(build.buildStatus).toBe('FAILED')
    expect(failureOf(build)).toBe(
      'BUILD COMMAND_EXECUTION_ERROR: Error while executing command: (exit 3). Reason: exit status 3',
    )
    expect(printed(log)).toEqual(['one', 'cleaned'])
    expect(log).toContain('[Container] Phase BUILD FAILED: COMMAND_EXECUTION_ERROR')
  })

  it('fails a phase whose finally fails, and survives a command that exits', async () => {
    const spec = buildspec({
      install: { commands: ['export LEFT=behind; true'], finally: ['echo "$LEFT"'] },
      build: { commands: ['echo fine'], finally: ['exit 4'] },
      post_build: ['echo "post $LEFT $CODEBUILD_BUILD_SUCCEEDING"'],
    })
    const { build, log } = await builder.once('finally-fails', spec)
    expect(failureOf(build)).toMatch(/^BUILD .*exit 4\. Reason: exit status 4$/)
    expect(printed(log)).toEqual(['behind', 'fine', 'post behind 0'])
  })

  it.each([
    ['install', undefined, ['INSTALL FAILED']],
    ['pre_build', undefined, ['INSTALL SUCCEEDED', 'PRE_BUILD FAILED']],
    ['build', 'ABORT', ['INSTALL SUCCEEDED', 'PRE_BUILD SUCCEEDED', 'BUILD FAILED']],
    [
      'build',
      undefined,
      [
        'INSTALL SUCCEEDED',
        'PRE_BUILD SUCCEEDED',
        'BUILD FAILED',
        'POST_BUILD SUCCEEDED',
        'UPLOAD_ARTIFACTS SUCCEEDED',
      ],
    ],
    [
      'post_build',
      undefined,
      [
        'INSTALL SUCCEEDED',
        'PRE_BUILD SUCCEEDED',
        'BUILD SUCCEEDED',
        'POST_BUILD FAILED',
        'UPLOAD_ARTIFACTS SUCCEEDED',
      ],
    ],
    [
      'install',
      'CONTINUE',
      [
        'INSTALL FAILED',
        'PRE_BUILD SUCCEEDED',
        'BUILD SUCCEEDED',
        'POST_BUILD SUCCEEDED',
        'UPLOAD_ARTIFACTS SUCCEEDED',
      ],
    ],
  ])('goes on as it should after a failing %s with on-failure %s', async (phase, onFailure, phases) => {
    const failing = { commands: ['false'], ...(onFailure ? { 'on-failure': onFailure } : {}) }
    const { build } = await builder.once(
      `fails-${phase}-${onFailure ?? 'default'}`,
      buildspec({
        install: ['true'],
        pre_build: ['true'],
        build: ['true'],
        post_build: ['true'],
        [phase]: failing,
      }),
    )
    expect(build.buildStatus).toBe('FAILED')
    expect(phasesOf(build)).toEqual([...BEFORE, ...phases, ...END])
  })

  it('uses the shell that the buildspec asks for', async () => {
    const spec = buildspec({ build: ['list=(a b c); echo "${#list[@]}"'] }, { env: { shell: 'bash' } })
    expect(printed((await builder.once('bash', spec)).log)).toEqual(['3'])
  })

  it('writes a long log whole and in order', async () => {
    const { log } = await builder.once('chatty', buildspec({ build: ['seq 1 25000', 'echo end'] }))
    const lines = printed(log)
    expect(lines).toHaveLength(25_001)
    expect([lines[0], lines[24_999], lines[25_000]]).toEqual(['1', '25000', 'end'])
  }, 30_000)
})

describe('exported variables', () => {
  it('are those that the shell has at the end, and never secrets or AWS_…', async () => {
    const spec = buildspec(
      { install: ['export TAG=v1'], post_build: ['TAG=v2; AWS_THING=x; export AWS_THING'] },
      { env: { variables: { KEPT: 'yes' }, 'exported-variables': ['TAG', 'KEPT', 'UNSET', 'AWS_THING'] } },
    )
    const { build, log } = await builder.once('exports', spec)
    expect(build.exportedEnvironmentVariables).toEqual([
      { name: 'TAG', value: 'v2' },
      { name: 'KEPT', value: 'yes' },
      { name: 'UNSET', value: '' },
    ])
    expect(log).toContain('AWS_THING is exported by the buildspec, but cannot be.')
  })
})

describe('runtime-versions', () => {
  const install = (versions: object) =>
    buildspec({ install: { 'runtime-versions': versions, commands: ['echo installed'] } })

  it('are looked for on the machine', async () => {
    const { build, log } = await builder.once('runtimes', install({ nodejs: 22 }))
    expect(build.buildStatus).toBe('SUCCEEDED')
    expect(printed(log)).toEqual([process.version, 'installed'])
  })

  it('fail the build by name when they are not there', async () => {
    const unknown = await builder.once('unknown-runtime', install({ cobol: 85 }))
    expect(failureOf(unknown.build)).toMatch(
      /^DOWNLOAD_SOURCE YAML_FILE_ERROR: Unknown runtime named 'cobol'/,
    )
    await builder.project('no-node', install({ nodejs: 20 }))
    const missing = await builder.build('no-node', {
      environmentVariablesOverride: [{ name: 'PATH', value: '/nowhere' }],
    })
    expect(failureOf(missing)).toMatch(/^INSTALL YAML_FILE_ERROR: The runtime nodejs 20 is not installed/)
    expect(printed(unknown.log)).toEqual([])
  })
})

describe('a buildspec', () => {
  it('that asks for another user is refused by name', async () => {
    const { build } = await builder.once('refused-run-as', buildspec({ build: ['true'] }, { 'run-as': 'me' }))
    expect(failureOf(build)).toMatch(
      /^DOWNLOAD_SOURCE YAML_FILE_ERROR: run-as is "me", which is not supported/,
    )
  })

  it('has what does nothing without further settings, and what nobody knows', async () => {
    const more = {
      env: { 'git-credential-helper': 'yes' },
      proxy: { logs: 'yes', 'upload-artifacts': 'yes' },
      cache: { paths: ['node_modules/**/*'] },
      author: 'me',
    }
    const { build, log } = await builder.once(
      'no-ops',
      buildspec({ build: ['git config credential.helper'] }, more),
    )
    expect(build.buildStatus).toBe('SUCCEEDED')
    expect(printed(log)).toContain('!aws codecommit credential-helper $@')
    expect(log).toContain('[Container] Found possible syntax errors in buildspec: ')
    expect(log).toContain('author')
  })

  it('of version 0.1 runs each command by itself', async () => {
    const spec = `
version: 0.1
environment_variables: { plaintext: { GREETING: hello } }
phases: { build: { commands: ['cd /', 'HERE=no', 'echo "$GREETING $HERE $(pwd | grep -c src)"'] } }`
    expect(printed((await builder.once('old-version', spec)).log)).toEqual(['hello  1'])
  })
})

describe('on-failure', () => {
  const flaky = (onFailure: string, what = 'lost') => ({
    'on-failure': onFailure,
    commands: ['echo . >> tries', `test $(wc -l < tries) -ge 3 || (echo connection ${what} && false)`],
  })

  it.each(['RETRY', 'RETRY-2', 'RETRY-.*lost', 'retry-5-connection'])(
    '%s tries the phase again',
    async (onFailure) => {
      const name = onFailure.replace(/[^\w-]/g, '')
      const { build, log } = await builder.once(`flaky-${name}`, buildspec({ build: flaky(onFailure) }))
      expect(build.buildStatus).toBe('SUCCEEDED')
      expect(log).toContain('[Container] Phase build failed and is retried (2 of ')
    },
  )

  it.each(['RETRY-1', 'RETRY-0', 'RETRY-.*refused'])('%s fails in the end', async (onFailure) => {
    const name = onFailure.replace(/[^\w-]/g, '')
    const { build } = await builder.once(`fails-${name}`, buildspec({ build: flaky(onFailure) }))
    expect(failureOf(build)).toMatch(/^BUILD COMMAND_EXECUTION_ERROR/)
  })
})
