/** Git as a user has it, in a folder of its own, against a test's cloud. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { type Credentials, HUB } from '../cloud.ts'

const run = promisify(execFile)

/** The aws CLI gives git its passwords. */
export const hasHelper = spawnSync('aws', ['--version']).status === 0

const ROOT: Credentials = { accessKeyId: HUB, secretAccessKey: 'test' }

export interface GitClient {
  readonly folder: string
  git(...words: string[]): Promise<string>
  /** Writes files and commits them; gives the commit. */
  commit(files: Readonly<Record<string, string>>, message?: string): Promise<string>
  /** As `git`, asking `aws codecommit credential-helper` for a password, with credentials of AWS's. */
  signed(credentials: Credentials, ...words: string[]): Promise<string>
}

/** A working copy with nothing in it. */
export async function gitClient(region = 'us-east-1'): Promise<GitClient> {
  const home = mkdtempSync(join(tmpdir(), 'crossdock-codecommit-'))
  afterAll(() => rmSync(home, { recursive: true, force: true }))
  const folder = join(home, 'work')
  mkdirSync(folder)
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    // A Python that pyenv manages is found through the home folder, which is another one here.
    PYENV_ROOT: process.env.PYENV_ROOT ?? `${process.env.HOME}/.pyenv`,
  }
  const call = async (words: string[], more: Record<string, string> = {}) =>
    (await run('git', words, { cwd: folder, env: { ...env, ...more } })).stdout.trim()
  const client: GitClient = {
    folder,
    git: (...words) => call(words),
    commit: async (files, message = 'A commit') => {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), content)
      }
      await call(['add', '.'])
      await call(['-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', message])
      return call(['rev-parse', 'HEAD'])
    },
    signed: (credentials, ...words) =>
      call(
        [
          '-c',
          'credential.helper=!aws codecommit credential-helper --ignore-host-check $@',
          '-c',
          'credential.UseHttpPath=true',
          ...words,
        ],
        {
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          ...(credentials.sessionToken && { AWS_SESSION_TOKEN: credentials.sessionToken }),
          AWS_DEFAULT_REGION: region,
        },
      ),
  }
  await client.git('init', '--quiet', '--initial-branch=main')
  return client
}

/** An address with user name and password in it. */
export function addressed(address: string, { accessKeyId, secretAccessKey }: Credentials = ROOT): string {
  const url = new URL(address)
  url.username = accessKeyId
  url.password = secretAccessKey
  return url.href
}
