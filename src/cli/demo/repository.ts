/** The demo's git repository: a copy of an example, committed, pushed to the embedded cloud. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { FleetError } from '../../model/index.ts'

const run = promisify(execFile)

export interface Repository {
  readonly folder: string
  /** `https://…` of the remote, with the name and secret it asks for. */
  readonly remote: string
  readonly branch: string
}

/** The person who commits; nothing of the user's own git configuration is read or needed. */
const AUTHOR = { name: 'Crossdock demo', email: 'demo@crossdock.example' }

async function git(folder: string, ...words: string[]): Promise<string> {
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: AUTHOR.name,
    GIT_AUTHOR_EMAIL: AUTHOR.email,
    GIT_COMMITTER_NAME: AUTHOR.name,
    GIT_COMMITTER_EMAIL: AUTHOR.email,
  }
  try {
    return (await run('git', words, { cwd: folder, env: environment })).stdout.trim()
  } catch (error) {
    const { code, stderr, signal } = error as { code?: unknown; stderr?: string; signal?: string }
    // Ctrl-C reaches git as well as the demo, which then ends by itself.
    if (signal === 'SIGINT') return new Promise(() => undefined)
    if (code === 'ENOENT')
      throw new FleetError('git is not installed', { fix: 'install git and run the demo again' })
    throw new FleetError(`git ${words[0]} failed: ${stderr?.trim()}`)
  }
}

/** Copies an example into a folder and makes a repository of it, with one commit; `isGrown`: after one that was pushed. */
export async function createRepository(
  example: string,
  folder: string,
  { remote, branch, isGrown }: Pick<Repository, 'remote' | 'branch'> & { readonly isGrown: boolean },
): Promise<Repository> {
  await cp(example, folder, { recursive: true })
  await git(folder, 'init', '--quiet', `--initial-branch=${branch}`)
  if (isGrown) {
    await git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'Nothing yet')
    await git(folder, 'push', '--quiet', remote, branch)
  }
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--message', 'First commit')
  return { folder, remote, branch }
}

/** Pushes the branch and gives the commit. */
export async function push({
  folder,
  remote,
  branch,
}: Repository): Promise<{ commit: string; message: string }> {
  await git(folder, 'push', '--quiet', remote, branch)
  return {
    commit: await git(folder, 'rev-parse', 'HEAD'),
    message: await git(folder, 'log', '-1', '--format=%s'),
  }
}

/** Commits a change to what the function says, and to its test; elsewhere a comment to every buildspec. */
export async function commitChange({ folder }: Repository): Promise<void> {
  const greetings = ['src/greeting.mjs', 'test/greeting.test.mjs'].map((file) => join(folder, file))
  const isGreeting = greetings.every((path) => existsSync(path))
  for (const path of isGreeting ? greetings : await buildspecsIn(folder)) {
    const text = await readFile(path, 'utf8')
    await writeFile(path, isGreeting ? text.replaceAll('Hello, ', 'Good morning, ') : changedBuildspec(text))
  }
  await git(
    folder,
    'commit',
    '--quiet',
    '--all',
    '--message',
    isGreeting ? 'Say good morning' : 'Build again',
  )
}

/** The same commands, as another text. */
export const changedBuildspec = (text: string): string => `${text}# Built again\n`

async function buildspecsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  return names.filter((name) => basename(name) === 'buildspec.yml').map((name) => join(folder, name))
}
