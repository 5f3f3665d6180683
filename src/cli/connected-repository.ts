/** A repository of the embedded cloud as the clone in a folder knows it: its address, with whom it signs in as. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { FleetError } from '../model/index.ts'

const run = promisify(execFile)

/** A pull request as the cloud tells it. */
export interface PullRequest {
  readonly number: number
  readonly title: string
  readonly source: string
  readonly destination: string
  readonly commit: string
  readonly state: 'OPEN' | 'CLOSED'
  readonly merged: boolean
  readonly statuses: readonly {
    readonly context: string
    readonly state: string
    readonly description: string
  }[]
}

export interface ConnectedRepository {
  /** Asks below the repository's address; `body` sends something. Errors: FleetError in the cloud's words. */
  ask<T>(path: string, body?: object): Promise<T>
}

/** Gives the branch that is checked out in a folder. Errors: FleetError where there is none. */
export async function currentBranch(folder: string): Promise<string> {
  const branch = await git(folder, 'branch', '--show-current')
  if (branch) return branch
  throw new FleetError('no branch is checked out here', {
    fix: 'name the branch of the pull request with --source',
  })
}

/**
 * Opens the repository that a remote of a folder's clone, or a URL, leads to.
 * Errors: FleetError where it leads to no repository behind a connection of an embedded cloud.
 */
export async function openRepository(folder: string, remote: string): Promise<ConnectedRepository> {
  const address = remote.includes('://') ? remote : await git(folder, 'remote', 'get-url', remote)
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (
    !url ||
    !/^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname) ||
    !/^\/_codeconnections\/[^/]+\/[^/]+$/.test(url.pathname)
  )
    throw new FleetError(`${remote} leads to no repository behind a connection of the embedded cloud`, {
      fix: 'give one with --remote: http://<account>:<secret>@127.0.0.1:4566/_codeconnections/<owner>/<name>.git',
    })
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  return {
    ask: async <T>(path: string, body?: object): Promise<T> => {
      const answer = await fetch(`${url.origin}${url.pathname}${path}`, {
        headers: { authorization },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      }).catch(() => {
        throw new FleetError(`the embedded cloud does not answer at ${url.origin}`, {
          fix: 'start it with "crossdock cloud"',
        })
      })
      const text = await answer.text()
      if (answer.ok) return JSON.parse(text) as T
      throw new FleetError(messageOf(text))
    },
  }
}

/** What an answer says; the door and git answer in plain text. */
function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message: string }).message
  } catch {
    return text.trim()
  }
}

async function git(folder: string, ...words: string[]): Promise<string> {
  try {
    return (await run('git', words, { cwd: folder })).stdout.trim()
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string }
    throw new FleetError(`git ${words.join(' ')}: ${stderr.trim() || (error as Error).message}`, {
      fix: 'run this in a clone of the repository, or give its address with --remote',
    })
  }
}
