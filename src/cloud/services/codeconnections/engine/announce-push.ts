/** Tells the bus what a push has changed in a repository. */
import type { Cloud } from '../../../kernel/cloud.ts'
import { runGit } from '../../../machine/run-git.ts'

type Branches = Map<string, string>

/** What was told last of each repository's branches, so that pushes at the same time are not told twice. */
const told = new WeakMap<Cloud, Map<string, string>>()

/** Gives the commit of each branch. */
export async function branches(folder: string): Promise<Branches> {
  const listed = await runGit(
    folder,
    'for-each-ref',
    '--format=%(refname:lstrip=2) %(objectname)',
    'refs/heads',
  )
  return new Map(
    listed
      .toString()
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' ') as [string, string]),
  )
}

/** Tells of every branch that was created or moved since `before`. */
export async function announcePush(
  cloud: Cloud,
  folder: string,
  repository: string,
  before: Branches,
): Promise<void> {
  const last = told.get(cloud) ?? new Map<string, string>()
  told.set(cloud, last)
  const now = await branches(folder)
  for (const branch of before.keys()) if (!now.has(branch)) last.delete(`${repository} ${branch}`)
  for (const [branch, commit] of now) {
    const key = `${repository} ${branch}`
    const previous = before.get(branch)
    if (previous === commit || last.get(key) === commit) continue
    last.set(key, commit)
    await announce(cloud, folder, { repository, branch, commit, previous })
  }
}

async function announce(
  cloud: Cloud,
  folder: string,
  push: { repository: string; branch: string; commit: string; previous: string | undefined },
): Promise<void> {
  const shown = await runGit(folder, 'log', '-1', '--format=%an%x00%aI%x00%B', push.commit)
  const [author = '', date = '', message = ''] = shown.toString().split('\0')
  const changed = push.previous
    ? await runGit(folder, 'diff', '--name-only', '-z', push.previous, push.commit)
    : ''
  cloud.bus.publish({
    id: cloud.ids.uuid(),
    time: cloud.clock.date(),
    account: '',
    region: '',
    source: 'crossdock.codeconnections',
    detailType: 'Repository Push',
    resources: [],
    detail: {
      ...push,
      changedFiles: changed.toString().split('\0').filter(Boolean),
      message: message.trim(),
      author,
      date,
    },
  })
}
