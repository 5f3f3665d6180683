/** Commits made through the API: a tree with changes, a commit on it, and the branch moved there. */
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { askGit, feedGit, runGit } from '../../../machine/run-git.ts'
import { announce, type Cause } from './announce.ts'
import { type Author, authorLine } from './author.ts'
import type { Opened } from './find-commit.ts'
import { branchRef } from './names.ts'

/** What becomes of a path: a blob with a mode, or nothing any more. */
export type TreeChange = readonly [
  path: string,
  to: { readonly mode: string; readonly id: string } | undefined,
]

export const writeBlob = async (folder: string, content: Uint8Array): Promise<string> =>
  (await feedGit(folder, content, 'hash-object', '-w', '--no-filters', '--stdin')).toString().trim()

/** Gives the tree of a commit (of nothing where there is none) with changes. */
export async function writeTree(
  folder: string,
  parent: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const index = join(folder, `index-${randomUUID()}`)
  const env = { GIT_INDEX_FILE: index }
  try {
    await askGit(folder, parent ? ['read-tree', parent] : ['read-tree', '--empty'], { env })
    const lines = changes.map(([path, to]) =>
      to ? `${to.mode} ${to.id}\t${path}\0` : `0 ${'0'.repeat(40)}\t${path}\0`,
    )
    const removed = lines.filter((line) => line.startsWith('0 '))
    const input = [...removed, ...lines.filter((line) => !line.startsWith('0 '))].join('')
    await askGit(folder, ['update-index', '-z', '--index-info'], { env, input })
    return (await askGit(folder, ['write-tree'], { env })).printed.toString().trim()
  } finally {
    rmSync(index, { force: true })
  }
}

export interface NewCommit extends Author {
  readonly tree: string
  readonly parents: readonly string[]
  readonly message?: string
}

/** Writes a commit that no branch has yet; gives its id. */
export async function writeCommit(ctx: Context, folder: string, commit: NewCommit): Promise<string> {
  const line = authorLine(ctx, commit)
  const message = (commit.message ?? '').replaceAll('\0', '')
  const head = [
    `tree ${commit.tree}`,
    ...commit.parents.map((one) => `parent ${one}`),
    `author ${line}`,
    `committer ${line}`,
  ]
  const text = `${head.join('\n')}\n\n${message}${message.endsWith('\n') ? '' : '\n'}`
  return (await feedGit(folder, text, 'hash-object', '-w', '-t', 'commit', '--stdin')).toString().trim()
}

const NOTHING = '0'.repeat(40)

/**
 * Moves a branch, makes it (from nothing) or takes it away (to nothing), and tells of it.
 * Errors: ConcurrentReferenceUpdateException where it is no longer where it was.
 */
export async function moveBranch(
  ctx: Context,
  { repository, folder }: Opened,
  branch: string,
  move: { readonly from?: string; readonly to?: string; readonly cause?: Cause },
): Promise<void> {
  const ref = branchRef(branch)
  const { from = NOTHING, to } = move
  const words = to ? ['update-ref', ref, to, from] : ['update-ref', '-d', ref, from]
  await runGit(folder, ...words).catch((error: Error) => {
    throw new AwsError(
      'ConcurrentReferenceUpdateException',
      `The branch ${branch} could not be moved: ${error.message}`,
    )
  })
  await announce(ctx, repository, move.cause && { [ref]: move.cause })
}
