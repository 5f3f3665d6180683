/** Scripts that people lay their systems with: run against a cloud of their own, with a profile per account and answers. */
import { execFile, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { writeProfiles } from '../../src/cli/cloud-profiles.ts'
import { startTestCloud } from '../conformance/cloud.ts'
import { ended } from './command-line.ts'
import type { World } from './foreign-system.ts'
import { impatientPython } from './impatient-python.ts'

const run = promisify(execFile)

export interface ScriptWorld extends World {
  /** Runs a script of examples/foreign as somebody at a terminal would; gives what it prints. */
  script(path: string, answers: readonly string[]): Promise<string>
  /** Runs a command with the profiles. */
  run(command: string, words: readonly string[], cwd?: string): Promise<string>
}

/** Starts a cloud that ends with the file's tests; `profiles` are accounts by the names of their profiles. */
export async function openScripts(
  profiles: Readonly<Record<string, string>>,
  region: string,
): Promise<ScriptWorld> {
  const { cloud } = await startTestCloud()
  const accounts = new Accounts(
    Object.values(profiles).map((account) => ({ name: account, account })),
    { endpoint: cloud.endpoint },
  )
  afterAll(() => accounts.close())
  const files = await writeProfiles(
    cloud,
    Object.entries(profiles).map(([name, account]) => ({ account, names: [name], region })),
  )
  const env = {
    ...(await impatientPython(cloud.folder)),
    PATH: process.env.PATH,
    HOME: cloud.folder,
    PYENV_ROOT: process.env.PYENV_ROOT ?? `${process.env.HOME}/.pyenv`,
    AWS_CONFIG_FILE: files.configFile,
    AWS_SHARED_CREDENTIALS_FILE: files.credentialsFile,
  }
  return {
    cloud,
    accounts,
    outputs: new Map(),
    run: async (command, words, cwd) => (await run(command, words, { env, cwd })).stdout,
    script: async (path, answers) => {
      const child = spawn('bash', [resolve('examples/foreign', path)], { env, stdio: 'pipe' })
      child.stdin.end(answers.map((answer) => `${answer}\n`).join(''))
      const { status, stdout, stderr } = await ended(child)
      expect(status, stderr).toBe(0)
      return stdout
    },
  }
}
