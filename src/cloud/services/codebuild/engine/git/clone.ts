/** Clones a commit into a build's folder, and the repositories within it. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { askGit, runGit } from '../../../../machine/run-git.ts'
import { PhaseFailure } from '../build-run.ts'
import type { GitRepository } from './repository.ts'

export interface CloneWish {
  readonly commit: string
  /** Commits of the history that are fetched; all of them where absent or 0. */
  readonly depth?: number | undefined
  /** Opens what a submodule is of; absent where submodules are not fetched. */
  readonly openSubmodule?: ((address: string) => Promise<GitRepository>) | undefined
}

/** Repositories within repositories; more are taken for a circle. */
const DEEPEST = 10
/** A commit may be asked for that no branch has any more. */
const GIVES_ANY = '--upload-pack=git -c uploadpack.allowAnySHA1InWant=true upload-pack'

/**
 * Clones into an empty folder. AWS: the commit is checked out on no branch.
 * Errors: git's; PhaseFailure for a submodule that leads nowhere.
 */
export async function clone(
  repository: GitRepository,
  wish: CloneWish,
  folder: string,
  level = 0,
): Promise<void> {
  const { commit, depth = 0 } = wish
  if (depth > 0) {
    await runGit(folder, 'init', '--quiet', '.')
    await runGit(folder, 'remote', 'add', 'origin', `file://${repository.folder}`)
    await runGit(folder, 'fetch', '--quiet', `--depth=${depth}`, GIVES_ANY, 'origin', commit)
  } else {
    await runGit(folder, 'clone', '--quiet', '--no-checkout', '--no-hardlinks', '--', repository.folder, '.')
    const { status } = await askGit(folder, ['cat-file', '-e', `${commit}^{commit}`], { answers: [1, 128] })
    if (status !== 0) await runGit(folder, 'fetch', '--quiet', GIVES_ANY, 'origin', commit)
  }
  await runGit(folder, 'checkout', '--quiet', '--detach', commit, '--')
  // The clone's own address is a folder of this machine, and pushing into it would pass by everything that watches it.
  await runGit(folder, 'remote', 'set-url', '--push', 'origin', repository.address)
  if (wish.openSubmodule) await fetchSubmodules(repository, wish, folder, level)
}

/** AWS: gitSubmodulesConfig, fetchSubmodules: as `git submodule update --init --recursive`. */
async function fetchSubmodules(
  { address }: GitRepository,
  { openSubmodule, depth }: CloneWish,
  folder: string,
  level: number,
): Promise<void> {
  const wanted = await submodulesOf(folder)
  if (wanted.length && level >= DEEPEST)
    throw new PhaseFailure('CLIENT_ERROR', `submodules within submodules, more than ${DEEPEST} deep`)
  for (const { path, url, commit } of wanted) {
    if (url === undefined)
      throw new PhaseFailure('CLIENT_ERROR', `no url found for submodule path '${path}' in .gitmodules`)
    const target = join(folder, path)
    await mkdir(target, { recursive: true })
    const whole = /^\.\.?\//.test(url) ? new URL(url, `${address.replace(/\/$/, '')}/`).href : url
    await clone(await openSubmodule!(whole), { commit, depth, openSubmodule }, target, level + 1)
  }
}

/** The commits that a commit has in the place of folders, with what `.gitmodules` says of each. */
async function submodulesOf(folder: string): Promise<{ path: string; commit: string; url?: string }[]> {
  const tree = (await runGit(folder, 'ls-tree', '-r', '-z', 'HEAD')).toString().split('\0')
  const links = tree.flatMap((line) => {
    const [, commit = '', path = ''] = /^160000 commit ([0-9a-f]+)\t(.*)$/s.exec(line) ?? []
    return path ? [{ path, commit }] : []
  })
  if (!links.length) return []
  const words = [
    'config',
    '--blob',
    'HEAD:.gitmodules',
    '--null',
    '--get-regexp',
    '^submodule\\..*\\.(path|url)$',
  ]
  const { printed, status } = await askGit(folder, words, { answers: [1, 128] })
  const settings = new Map<string, string>()
  for (const line of status === 0 ? printed.toString().split('\0') : []) {
    const end = line.indexOf('\n')
    if (end > 0) settings.set(line.slice(0, end), line.slice(end + 1))
  }
  return links.map((link) => {
    const named = [...settings].find(([key, value]) => key.endsWith('.path') && value === link.path)
    return { ...link, url: named && settings.get(named[0].replace(/path$/, 'url')) }
  })
}
