/** Pull requests: how they come about, follow their branches, and end. */
import type { Cloud } from '../../../kernel/cloud.ts'
import { type PullRequestChange, pullRequestChanged } from '../../../kernel/service-events.ts'
import { commitAt } from '../../../machine/bare-repository.ts'
import { askGit, runGit } from '../../../machine/run-git.ts'
import { type PullRequest, pullRequests } from '../state.ts'
import { filesBetween, messageOf } from './read-commit.ts'
import { branches } from './repository-folder.ts'

export interface Place {
  readonly cloud: Cloud
  readonly repository: string
  readonly folder: string
  readonly actor: string
}

/** A pull request as it becomes, and what is told of it. */
export interface Change {
  readonly record: PullRequest
  readonly told: PullRequestChange
}

const keyOf = ({ repository, number }: Pick<PullRequest, 'repository' | 'number'>): string =>
  `${repository}#${number}`

/** Gives the pull requests of a repository, oldest first. */
export const pullRequestsOf = (cloud: Cloud, repository: string): PullRequest[] =>
  cloud.store
    .of(pullRequests)
    .values()
    .filter((one) => one.repository === repository)
    .sort((one, other) => one.number - other.number)

export const findPullRequest = (cloud: Cloud, repository: string, number: number): PullRequest | undefined =>
  cloud.store.of(pullRequests).get(keyOf({ repository, number }))

/** Keeps and tells a change, in the turn of whatever has caused it. */
export function applyChange(cloud: Cloud, { record, told }: Change): void {
  cloud.store.of(pullRequests).put(keyOf(record), record)
  cloud.bus.emit(pullRequestChanged, told)
}

/** What happens to a pull request: `undefined` stays as it is. */
export interface Fate {
  readonly event: PullRequestChange['event']
  readonly commit?: string
  readonly merged?: boolean
  readonly reopened?: boolean
}

/** Works out a change; its head is where the repository says already, so that whoever hears of it finds it there. */
export async function changeOf(
  { cloud, folder, actor }: Place,
  before: PullRequest,
  { event, commit = before.commit, merged = false, reopened = false }: Fate,
): Promise<Change> {
  const { repository, number, title, source, destination, author } = before
  if (event !== 'CLOSED') await runGit(folder, 'update-ref', headOf(number), commit)
  const target = await commitAt(folder, `refs/heads/${destination}`)
  const state = event === 'CLOSED' ? 'CLOSED' : 'OPEN'
  const files = merged ? before.files : target ? await filesBetween(folder, `${target}...${commit}`) : []
  return {
    record: { ...before, commit, state, merged, files, updated: cloud.clock.now() },
    told: {
      ...{ repository, number, event, reopened, merged, title, source, destination, commit, author, actor },
      ...(commit !== before.commit && { previous: before.commit }),
      changedFiles: files ?? [],
      message: await messageOf(folder, commit),
    },
  }
}

export const headOf = (number: number): string => `refs/pull/${number}/head`

/** Gives a pull request that is about to be opened. */
export function newPullRequest(
  { cloud, repository, actor }: Place,
  wish: Pick<PullRequest, 'source' | 'destination' | 'commit'> & { title?: string; number?: number },
): PullRequest {
  const last = pullRequestsOf(cloud, repository).at(-1)?.number ?? 0
  const now = cloud.clock.now()
  return {
    ...{ repository, number: last + 1, title: wish.source, ...wish },
    ...{ state: 'OPEN', merged: false, author: actor, created: now, updated: now },
  }
}

/** Gives what a branch's new commit, or its end, does to open pull requests. */
export async function affectedBy(
  place: Place,
  branch: string,
  commit: string | undefined,
): Promise<Change[]> {
  const changes: Change[] = []
  for (const one of pullRequestsOf(place.cloud, place.repository)) {
    if (one.state !== 'OPEN') continue
    const fate = await fateOf(place, one, branch, commit)
    if (fate) changes.push(await changeOf(place, one, fate))
  }
  return changes
}

/** As at the providers: it follows its source, ends with it, and is merged once the destination has its head. */
async function fateOf(
  { folder }: Place,
  one: PullRequest,
  branch: string,
  commit: string | undefined,
): Promise<Fate | undefined> {
  if (one.source === branch) {
    if (commit === undefined) return { event: 'CLOSED' }
    return commit === one.commit ? undefined : { event: 'UPDATED', commit }
  }
  if (one.destination !== branch || commit === undefined) return undefined
  const words = ['merge-base', '--is-ancestor', one.commit, commit]
  const { status } = await askGit(folder, words, { answers: [1, 128] })
  return status === 0 ? { event: 'CLOSED', merged: true } : undefined
}

/** Tells of pull requests that were pushed by their references; `heads` are those below `refs/pull/`, `known` told already. */
export async function tellOfReferences(
  place: Place,
  heads: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, string>,
): Promise<void> {
  const { cloud, repository } = place
  for (const one of pullRequestsOf(cloud, repository)) {
    const commit = heads.get(`${one.number}/head`)
    if (one.state === 'OPEN' && commit !== one.commit) {
      const fate: Fate = commit ? { event: 'UPDATED', commit } : { event: 'CLOSED' }
      applyChange(cloud, await changeOf(place, one, fate))
    }
  }
  for (const [name, commit] of heads) {
    const number = Number(/^([1-9]\d{0,8})\/head$/.exec(name)?.[1])
    if (!number || known.get(name) === commit || findPullRequest(cloud, repository, number)) continue
    const wish = { number, commit, ...(await branchesFor(place, number, commit)) }
    applyChange(cloud, await changeOf(place, newPullRequest(place, wish), { event: 'OPEN' }))
  }
}

/** Which branches a pushed reference is about: a branch at its commit, and the repository's own. */
async function branchesFor({ folder }: Place, number: number, commit: string) {
  const all = await branches(folder)
  const destination = await defaultBranch(folder)
  const [source] = all.find(([name, at]) => at === commit && name !== destination) ?? [`pull/${number}/head`]
  return { source, destination }
}

/** Gives the branch that a clone begins with; where there is none of that name, the first. */
export async function defaultBranch(folder: string): Promise<string> {
  const head = (await runGit(folder, 'symbolic-ref', '--short', 'HEAD')).toString().trim()
  const all = await branches(folder)
  return all.some(([name]) => name === head) ? head : (all[0]?.[0] ?? head)
}
