import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { commandLine, hasCli, hasCliVersion2 } from '../command-line.ts'
import { makeRole, until, zip } from './functions.ts'

/** Only version 2 of the CLI has `logs tail`. */
const readLog = hasCliVersion2
  ? ['logs', 'tail', '/aws/lambda/cli', '--format', 'short']
  : [
      'logs',
      'filter-log-events',
      '--log-group-name',
      '/aws/lambda/cli',
      '--query',
      'events[].message',
      '--output',
      'text',
    ]

const test = await startTestCloud()
const { folder, aws } = commandLine(test.cloud)

describe.skipIf(!hasCli)('aws (skipped: the aws CLI is not installed)', () => {
  it('lambda create-function, wait, invoke; logs', async () => {
    const role = await makeRole(test, 'runner')
    const source =
      'export const handler = async (event) => { console.log("hello", event.name); return event.name }'
    writeFileSync(join(folder, 'code.zip'), zip({ 'index.mjs': source }))
    await aws(
      ...['lambda', 'create-function', '--function-name', 'cli', '--role', role, '--runtime', 'nodejs20.x'],
      ...['--handler', 'index.handler', '--zip-file', 'fileb://code.zip'],
    )
    await aws('lambda', 'wait', 'function-active-v2', '--function-name', 'cli')
    const invoke = ['lambda', 'invoke', '--function-name', 'cli', '--payload', '{"name":"world"}', 'out.json']
    const answer = JSON.parse(await aws(...invoke))
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' })
    expect(readFileSync(join(folder, 'out.json'), 'utf8')).toBe('"world"')
    const log = await until(
      () => aws(...readLog).catch(() => ''),
      (text) => text.includes('REPORT'),
    )
    expect(log).toMatch(/\tINFO\thello world/)
    expect(await aws('logs', 'describe-log-groups', '--query', 'logGroups[].logGroupName')).toContain(
      '/aws/lambda/cli',
    )
  }, 60_000)

  it('ssm put-parameter and get-parameter; secretsmanager create-secret and get-secret-value', async () => {
    await aws('ssm', 'put-parameter', '--name', '/cli/p', '--value', 'hush', '--type', 'SecureString')
    const value = ['--query', 'Parameter.Value', '--output', 'text']
    expect(await aws('ssm', 'get-parameter', '--name', '/cli/p', '--with-decryption', ...value)).toBe(
      'hush\n',
    )
    await aws('secretsmanager', 'create-secret', '--name', 'cli', '--secret-string', 'hush')
    const secret = ['--query', 'SecretString', '--output', 'text']
    expect(await aws('secretsmanager', 'get-secret-value', '--secret-id', 'cli', ...secret)).toBe('hush\n')
  }, 60_000)
})
