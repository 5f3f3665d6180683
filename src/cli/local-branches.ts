/** Branches of repositories behind connections, which AWS does not list: of a clone at hand, or as somebody gives them. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { FleetError, type SourceLocation } from '../model/index.ts'
import { branchesIn } from '../operate/index.ts'
import { UsageError } from './command.ts'

const run = promisify(execFile)

export const BRANCHES_OPTION = {
  flags: '--branches <list...>',
  description:
    'branches of a repository behind a connection, <owner/repository>=<file>: what `git ls-remote --heads` prints, or a name in each line',
}

/** Gives the branches that the command line gives, by repository. Errors: UsageError. */
export async function givenBranches(
  lists: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const given = new Map<string, readonly string[]>()
  for (const one of lists) {
    const [, repository, file] = /^([^=]+\/[^=]+)=(.+)$/.exec(one) ?? []
    if (!repository || !file) throw new UsageError(`--branches takes <owner/repository>=<file>, not "${one}"`)
    given.set(repository, await branchesOfFile(file))
  }
  return given
}

async function branchesOfFile(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${cause.code}`)
  })
  const listed = branchesIn(text)
  return listed.length
    ? listed
    : text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line && !line.startsWith('#'))
}

/**
 * Gives the branches of a repository from the remote of the clone around a folder, with git's own credentials.
 * Errors: FleetError where the folder is in no clone of it, or the remote does not answer.
 */
export async function localBranches(
  folder: string,
  repository: string,
  location: SourceLocation,
): Promise<string[]> {
  const remote = await remoteOf(folder, repository)
  if (!remote)
    throw new FleetError(
      `AWS lists no branches of ${repository}: there is no API for it through a connection`,
      {
        location,
        fix: `run it in a clone of ${repository}, or give what \`git ls-remote --heads\` prints: --branches ${repository}=<file>`,
      },
    )
  try {
    return branchesIn(await git(folder, 'ls-remote', '--heads', remote))
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string }
    throw new FleetError(`git does not list the branches of ${repository}: ${stderr.trim()}`, {
      location,
      fix: `let git reach its remote ${remote}, or give the branches: --branches ${repository}=<file>`,
    })
  }
}

/** The name of the remote whose address ends in the repository. */
async function remoteOf(folder: string, repository: string): Promise<string | undefined> {
  const listed = await git(folder, 'remote', '--verbose').catch(() => '')
  const wanted = repository.toLowerCase()
  return listed
    .split('\n')
    .map((line) => line.split(/\s+/))
    .find(([, url = '']) => {
      const path = url.replace(/(\.git)?\/?$/, '').toLowerCase()
      return path.endsWith(`/${wanted}`) || path.endsWith(`:${wanted}`)
    })?.[0]
}

const git = async (folder: string, ...words: string[]): Promise<string> =>
  (await run('git', words, { cwd: folder, env: { ...process.env, GIT_TERMINAL_PROMPT: '0' } })).stdout
