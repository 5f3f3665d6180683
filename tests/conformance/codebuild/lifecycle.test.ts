/** How builds end early: stopped, timed out, without rights, with the cloud. What they leave behind: nothing. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { BatchGetBuildsCommand, CodeBuildClient, StopBuildCommand } from '@aws-sdk/client-codebuild'
import { DeleteRoleCommand, DeleteRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam'
import { afterAll, describe, expect, it } from 'vitest'
import { type Clock, startCloud, systemClock } from '../../../src/cloud/index.ts'
import { type Builder, buildspec, failureOf, HUB, openBuilder, phasesOf, printed } from './builder.ts'

/** A clock that lets a timeout of minutes pass when it is told to. */
const timeouts: (() => void)[] = []
const clock: Clock = {
  ...systemClock,
  sleep: (milliseconds, signal) =>
    milliseconds < 60_000
      ? systemClock.sleep(milliseconds, signal)
      : new Promise((resolve) => {
          timeouts.push(resolve)
          signal?.addEventListener('abort', () => resolve())
        }),
}
const builder = await openBuilder({ clock })
const LONG = buildspec({
  build: ['pwd; echo "pid $$"; sleep 600 & echo "pid $!"', 'sleep 600'],
  post_build: ['echo never'],
})

/** Resolves with the log once it holds this text. */
async function logged(one: Builder, id: string, text: string): Promise<string> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const log = await one.log(await one.look(id)).catch(() => '')
    if (log.includes(text)) return log
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`the log never had "${text}"`)
}

/** Starts the long build and waits until it is in the middle of its commands. */
async function begin(one: Builder, name: string) {
  await one.project(name, LONG)
  const { id } = await one.start(name)
  const lines = printed(await logged(one, id!, 'Running command sleep 600'))
  const pids = lines.filter((line) => line.startsWith('pid ')).map((line) => line.slice(4))
  expect(pids).toHaveLength(2)
  return { id: id!, folder: lines[0]!, pids }
}

function expectNothingLeft({ folder, pids }: { folder: string; pids: string[] }): void {
  expect(existsSync(join(folder, '..'))).toBe(false)
  for (const pid of pids) {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' })
    // One that nobody has asked for its status yet is still listed, as a zombie.
    expect(stdout.trim()).toMatch(/^(Z.*)?$/)
  }
}

describe('a running build', () => {
  it('is stopped with all it started', async () => {
    const begun = await begin(builder, 'stopped')
    await builder.codebuild.send(new StopBuildCommand({ id: begun.id }))
    await builder.cloud.settled()
    const build = await builder.look(begun.id)
    expect(build).toMatchObject({ buildStatus: 'STOPPED', buildComplete: true })
    expect(phasesOf(build).slice(-3)).toEqual(['BUILD STOPPED', 'FINALIZING SUCCEEDED', 'COMPLETED'])
    expect(await builder.log(build)).not.toContain('never')
    expectNothingLeft(begun)
    const again = await builder.codebuild.send(new StopBuildCommand({ id: begun.id }))
    expect(again.build?.buildStatus).toBe('STOPPED')
  })

  it('times out', async () => {
    timeouts.length = 0
    const begun = await begin(builder, 'slow')
    for (const pass of timeouts) pass()
    await builder.cloud.settled()
    const build = await builder.look(begun.id)
    expect(build.buildStatus).toBe('TIMED_OUT')
    expect(phasesOf(build)).toContain('BUILD TIMED_OUT')
    expect(failureOf(build)).toBe('BUILD BUILD_TIMED_OUT: Build has timed out. ')
    expectNothingLeft(begun)
  })

  it('that ends leaves neither processes nor files', async () => {
    const spec = buildspec({ build: ['pwd', 'mktemp', 'sleep 600 & echo "pid $!"'] })
    const { build, log } = await builder.once('tidy', spec)
    expect(build.buildStatus).toBe('SUCCEEDED')
    const [folder, temporary, pid] = printed(log)
    expect(existsSync(temporary!)).toBe(false)
    expectNothingLeft({ folder: folder!, pids: [pid!.slice(4)] })
  })

  it('that is not there cannot be stopped', async () => {
    const id = 'none:11111111-2222-3333-4444-555555555555'
    await expect(builder.codebuild.send(new StopBuildCommand({ id }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})

describe('without rights', () => {
  it('to write logs, the build fails in PROVISIONING in AWS’s words', async () => {
    const serviceRole = await builder.role('silent', [])
    const { build } = await builder.once('silent', LONG, { serviceRole })
    expect(build.buildStatus).toBe('FAILED')
    const uuid = build.id!.split(':')[1]
    expect(failureOf(build)).toBe(
      `PROVISIONING ACCESS_DENIED: Service role ${serviceRole} does not allow AWS CodeBuild to create Amazon CloudWatch ` +
        `Logs log streams for build ${build.arn}. Error message: User: arn:aws:sts::${HUB}:assumed-role/silent/AWSCodeBuild-${uuid} ` +
        `is not authorized to perform: logs:CreateLogStream on resource: arn:aws:logs:us-east-1:${HUB}:log-group:/aws/codebuild/silent:log-stream:${uuid} ` +
        'because no identity-based policy allows the logs:CreateLogStream action',
    )
    expect(phasesOf(build)).toEqual([
      'SUBMITTED SUCCEEDED',
      'QUEUED SUCCEEDED',
      'PROVISIONING FAILED',
      'COMPLETED',
    ])
  })

  it('to make the log group, it is named too', async () => {
    const serviceRole = await builder.role('no-group', [
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] },
    ])
    const { build } = await builder.once('no-group', LONG, { serviceRole })
    expect(failureOf(build)).toMatch(/^PROVISIONING ACCESS_DENIED: .* logs:CreateLogGroup on resource/)
  })

  it('of a role that is gone, it fails in PROVISIONING', async () => {
    const serviceRole = await builder.role('leaver', [{ Action: 'logs:*' }])
    await builder.project('orphan', LONG, { serviceRole })
    const iam = builder.client(IAMClient)
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'leaver', PolicyName: 'p' }))
    await iam.send(new DeleteRoleCommand({ RoleName: 'leaver' }))
    expect(failureOf(await builder.build('orphan'))).toMatch(
      /^PROVISIONING ACCESS_DENIED: CodeBuild is not authorized to perform: sts:AssumeRole on service role .*leaver/,
    )
  })
})

describe('logs', () => {
  it('go where the project says, or nowhere', async () => {
    const logsConfig = {
      cloudWatchLogs: { status: 'ENABLED' as const, groupName: 'team', streamName: 'app' },
    }
    const named = await builder.once('named-log', buildspec({ build: ['echo here'] }), { logsConfig })
    expect(named.build.logs).toMatchObject({
      groupName: 'team',
      streamName: `app/${named.build.id!.split(':')[1]}`,
    })
    expect(printed(named.log)).toEqual(['here'])
    const off = { cloudWatchLogs: { status: 'DISABLED' as const } }
    const serviceRole = await builder.role('no-logs', [])
    const quiet = await builder.once('quiet', buildspec({ build: ['echo here'] }), {
      logsConfig: off,
      serviceRole,
    })
    expect(quiet.build.buildStatus).toBe('SUCCEEDED')
    const { logGroups } = await builder
      .client(CloudWatchLogsClient)
      .send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/codebuild/quiet' }))
    expect(logGroups).toEqual([])
  })
})

describe('a stop of the cloud', () => {
  const data = mkdtempSync(join(tmpdir(), 'crossdock-codebuild-'))
  afterAll(() => rmSync(data, { recursive: true, force: true }))

  it('fails the builds that run, and says why after a restart', async () => {
    const first = await openBuilder({ data })
    const begun = await begin(first, 'cut')
    await first.cloud.stop()
    expectNothingLeft(begun)
    const cloud = await startCloud({ data })
    const client = new CodeBuildClient({
      endpoint: cloud.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: HUB, secretAccessKey: 'test' },
    })
    try {
      const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [begun.id] }))
      expect(builds![0]).toMatchObject({ buildStatus: 'FAULT', buildComplete: true })
      expect(failureOf(builds![0]!)).toBe(
        'BUILD INTERNAL_ERROR: Internal Service Error: the embedded cloud was stopped while the build ran.',
      )
    } finally {
      client.destroy()
      await cloud.stop()
    }
  })
})
