/** Commits of a repository: found by what requests call them, and read. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { commitAt } from '../../../machine/bare-repository.ts'
import { runGit } from '../../../machine/run-git.ts'
import { repositoryKind } from '../kinds.ts'
import type { Repository } from '../state.ts'
import { branchRef, COMMIT_ID, isBranchName } from './names.ts'
import { noBranch, noCommit } from './refusals.ts'
import { folderOf } from './repository-folder.ts'

/** A repository with its folder. */
export interface Opened {
  readonly repository: Repository
  readonly folder: string
}

/** Errors: RepositoryDoesNotExistException. */
export function openRepository(ctx: Context, name: string): Opened {
  const repository = repositoryKind.find(ctx, name)
  return { repository, folder: folderOf(ctx.cloud, repository) }
}

/** Errors: InvalidBranchNameException, BranchDoesNotExistException. */
export async function tipOf(folder: string, branch: string): Promise<string> {
  const tip = await commitAt(folder, branchRef(branch))
  if (!tip) throw noBranch(branch)
  return tip
}

/**
 * Gives the commit that a specifier means: a full commit ID, a branch, a tag or HEAD.
 * Errors: CommitDoesNotExistException.
 */
export async function resolve({ repository, folder }: Opened, specifier?: string): Promise<string> {
  const found = await lookUp(folder, specifier ?? 'HEAD', repository.defaultBranch)
  if (!found) throw noCommit(specifier ?? 'HEAD')
  return found
}

async function lookUp(folder: string, text: string, defaultBranch?: string): Promise<string | undefined> {
  if (text === 'HEAD') return defaultBranch && commitAt(folder, `refs/heads/${defaultBranch}`)
  if (COMMIT_ID.test(text)) return commitAt(folder, text)
  const name = text.replace(/^refs\/(?:heads|tags)\//, '')
  if (!isBranchName(name)) return undefined
  if (text !== name) return commitAt(folder, text)
  return (await commitAt(folder, `refs/heads/${name}`)) ?? commitAt(folder, `refs/tags/${name}`)
}

interface Person {
  readonly name: string
  readonly email: string
  /** Seconds since 1970 and the zone: `1484167798 -0800`. */
  readonly date: string
}

export interface Commit {
  readonly commitId: string
  readonly treeId: string
  readonly parents: string[]
  readonly message: string
  readonly author: Person
  readonly committer: Person
  readonly additionalData: string
}

/** Errors: CommitIdDoesNotExistException. */
export async function readCommit(folder: string, id: string): Promise<Commit> {
  const missing = () => {
    throw new AwsError('CommitIdDoesNotExistException', `The commit ID ${id} does not exist`)
  }
  const text = (await runGit(folder, 'cat-file', 'commit', id).catch(missing)).toString()
  const end = text.indexOf('\n\n')
  const lines = text.slice(0, end).split('\n')
  const all = (name: string) =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))
  return {
    commitId: id,
    treeId: all('tree')[0] ?? '',
    parents: all('parent'),
    message: text.slice(end + 2),
    author: person(all('author')[0]),
    committer: person(all('committer')[0]),
    additionalData: '',
  }
}

function person(line = ''): Person {
  const [, name = '', email = '', date = ''] = /^(.*?) ?<(.*)> (.*)$/.exec(line) ?? []
  return { name, email, date }
}
