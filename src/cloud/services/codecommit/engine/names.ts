/** Names of repositories, branches and files, as CodeCommit takes them: none is more than data to git. */
import { AwsError } from '../../../../model/index.ts'
import { invalidBranch, invalidPath } from './refusals.ts'

export const COMMIT_ID = /^[0-9a-f]{40}$/

/** AWS: quotas, "Repository names": no `.git` at the end. */
export function checkRepositoryName(name: string): void {
  if (/^[\w.-]{1,100}$/.test(name) && !/\.git$/.test(name)) return
  throw new AwsError(
    'InvalidRepositoryNameException',
    'The repository name is not valid. Repository names can be any valid combination of letters, numbers, periods, underscores, and dashes between 1 and 100 characters in length. Names are case sensitive and cannot end in .git.',
  )
}

/** Whether git and AWS take it for a branch. AWS: quotas, "Branch names". Git: git-check-ref-format. */
export const isBranchName = (name: string): boolean =>
  name.length <= 256 &&
  name !== '@' &&
  name !== 'HEAD' &&
  !/^[0-9a-f]{40}$/i.test(name) &&
  !/[\p{Cc}\s?^*[\\~:]|\.\.|@\{|^[-/.]|[/.]$/u.test(name) &&
  name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))

/** Errors: InvalidBranchNameException. */
export function branchRef(name: string): string {
  if (!isBranchName(name)) throw invalidBranch(name)
  return `refs/heads/${name}`
}

/** AWS: quotas, "File paths": 1 to 4,096 characters, at most 20 directories deep. */
const PATH_LIMIT = 4096
const DEEPEST = 20

/** Gives a path without the slashes around it. Errors: InvalidPathException. */
export function checkPath(path: string): string {
  const inner = path.replace(/^\/|\/$/g, '')
  const wrong = (part: string) => part === '' || part === '.' || part === '..' || /^\.git$/i.test(part)
  const parts = inner.split('/')
  if (inner.length > PATH_LIMIT || parts.length > DEEPEST + 1 || inner.includes('\0') || parts.some(wrong))
    throw invalidPath(path)
  return inner
}
