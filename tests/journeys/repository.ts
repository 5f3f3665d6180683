/** A repository with one commit, and a clone of it with the next one ready to be pushed. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Cloud } from '../../src/cloud/index.ts'

const run = promisify(execFile)
const AUTHOR = ['-c', 'user.name=Journey', '-c', 'user.email=journey@crossdock.example']

/** By file, texts and what takes their place. */
export type Change = Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>

export interface Repository {
  /** `owner/name`, as sources name it. */
  readonly id: string
  readonly bare: string
  /** A clone whose next commit is not pushed yet. */
  readonly clone: string
  remove(): Promise<void>
}

/** Makes a repository of a folder's files, with `first` made to them before the first commit and `next` after it. */
export async function makeRepository(
  id: string,
  from: string,
  first: Change,
  next: Change,
): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), 'crossdock-repository-'))
  const [bare, clone] = [join(folder, 'bare.git'), join(folder, 'clone')]
  await cp(from, clone, { recursive: true })
  const git = (...words: string[]) => run('git', [...AUTHOR, ...words], { cwd: clone })
  await apply(first, clone)
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'First commit')
  await git('clone', '--quiet', '--bare', clone, bare)
  await apply(next, clone)
  await git('commit', '--quiet', '--all', '--message', 'A change')
  return { id, bare, clone, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Errors: a text that is to be replaced is not there, so that a change that changes nothing is found. */
export async function apply(change: Change, folder: string): Promise<void> {
  for (const [file, replacements] of Object.entries(change)) {
    let text = await readFile(join(folder, file), 'utf8')
    for (const [from, to] of replacements) {
      if (!text.includes(from)) throw new Error(`${file} has no "${from}"`)
      text = text.replaceAll(from, to)
    }
    await writeFile(join(folder, file), text)
  }
}

/** Commits what was changed in the clone, to be pushed. */
export async function commit({ clone }: Repository, message: string): Promise<void> {
  await run('git', [...AUTHOR, 'commit', '--quiet', '--all', '--message', message], { cwd: clone })
}

/** Puts a repository where a connection of the cloud leads. */
export async function placeRepository({ id, bare }: Repository, { folder }: Cloud): Promise<void> {
  const home = join(folder, 'repositories', `${id}.git`)
  await mkdir(dirname(home), { recursive: true })
  await cp(bare, home, { recursive: true })
}

/** Pushes the change that waits, as somebody of an account. */
export async function pushChange({ id, clone }: Repository, cloud: Cloud, account: string): Promise<void> {
  const remote = new URL(`${cloud.endpoint}/_codeconnections/${id}.git`)
  remote.username = account
  remote.password = cloud.secret
  await run('git', ['push', '--quiet', remote.href, 'HEAD:main'], { cwd: clone })
}
