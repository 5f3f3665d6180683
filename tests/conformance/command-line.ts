/** Runs the real aws CLI and boto3 against a test's cloud, in a folder of their own; tests skip where they are missing. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { HUB } from './cloud.ts'

const run = promisify(execFile)

const version = spawnSync('aws', ['--version'], { encoding: 'utf8' })
export const hasCli = version.status === 0
/** Version 2 has commands that version 1 lacks, `logs tail` for example. */
export const hasCliVersion2 = hasCli && version.stdout.startsWith('aws-cli/2')
export const hasBoto3 = spawnSync('python3', ['-c', 'import boto3']).status === 0

export interface CommandLine {
  /** Where the clients run and where a test puts its files; removed after the file's tests. */
  readonly folder: string
  /** Runs `aws …` and gives what it prints. */
  aws(...words: string[]): Promise<string>
  /** Runs a Python program and gives what it prints. */
  python(program: string): Promise<string>
}

/** The clients as the hub's root user, with nothing of this machine's own AWS configuration. */
export function commandLine(cloud: { readonly endpoint: string }, region = 'us-east-1'): CommandLine {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-command-line-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: HUB,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: region,
    // A Python that pyenv manages is found through the home folder, which is another one here.
    PYENV_ROOT: process.env.PYENV_ROOT ?? `${process.env.HOME}/.pyenv`,
  }
  return {
    folder,
    aws: async (...words) => (await run('aws', words, { env, cwd: folder })).stdout,
    python: async (program) => (await run('python3', ['-c', program], { env, cwd: folder })).stdout,
  }
}
