/** Tells what has become of a repository's branches and tags: each change once, also when a kill came in between. */
import { existsSync } from 'node:fs'
import { formatArn } from '../../../../model/index.ts'
import { type Cloud, part } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { codeCommitChanged } from '../../../kernel/service-events.ts'
import { references } from '../../../machine/bare-repository.ts'
import { type Repository, repositories, told } from '../state.ts'
import { followBranch } from './pull-request.ts'
import { folderOf, pointHead } from './repository-folder.ts'
import { sendTriggers } from './triggers.ts'

/** What of a merge its event tells besides. */
export type Cause = Readonly<Record<string, string>>

/** One reference that was made, moved or taken away. */
export interface ReferenceChange {
  readonly event: 'referenceCreated' | 'referenceUpdated' | 'referenceDeleted'
  readonly name: string
  readonly commit?: string
  readonly previous?: string
}

/** The telling under way or done last of each repository: the next one waits for it. */
const latest = part({ name: 'tellings of CodeCommit', make: () => new Map<string, Promise<void>>() })

/** Tells of every change since the last telling; it is on disk when this resolves. */
export async function announce(
  ctx: Context,
  { id, name, account, region }: Repository,
  causes: Readonly<Record<string, Cause>> = {},
): Promise<void> {
  const chains = ctx.cloud.part(latest)
  const here = ctx.as(ctx.identity, { account, region })
  const before = chains.get(id) ?? Promise.resolve()
  const telling = before.catch(() => undefined).then(() => tell(here, { id, name }, causes))
  chains.set(id, telling)
  await telling
  if (chains.get(id) === telling) chains.delete(id)
  await ctx.cloud.store.flush()
}

/** Tells what came in before the cloud was killed and is not told yet. */
export function announceMissing(cloud: Cloud, context: ContextFactory): void {
  for (const { account, region, table } of cloud.store.everywhere(repositories))
    for (const repository of table.values()) {
      const { id, name } = repository
      const arn = formatArn('codecommit', region, account, name)
      const identity = serviceIdentity(servicePrincipal('codecommit'), { arn, account })
      const ctx = context({ identity, account, region })
      if (existsSync(folderOf(cloud, { id })))
        ctx.spawn(`changes of ${name}`, () => announce(ctx, repository))
    }
}

async function tell(
  ctx: Context,
  { id, name }: Pick<Repository, 'id' | 'name'>,
  causes: Readonly<Record<string, Cause>>,
): Promise<void> {
  const found = await look(ctx, { id, name }).catch((error) => {
    // Deleted while git was looking: its folder goes after its record, and nobody is told of it any more.
    if (isRecorded(ctx, id)) throw error
    return undefined
  })
  if (!found) return
  const { now, first } = found
  const table = ctx.table(told)
  const known = new Map(table.get(id)?.references)
  // In one turn, so in one transaction: what is told, and what the listeners make of it.
  const repository = settleDefaultBranch(ctx, ctx.table(repositories).get(name), id, first)
  if (!repository) return
  const changes = changesBetween(known, now)
  if (changes.length) table.put(id, { references: [...now] })
  for (const change of changes) publish(ctx, repository, change, causes[change.name])
  if (changes.length) sendTriggers(ctx, repository, changes)
}

const isRecorded = (ctx: Context, id: string): boolean =>
  ctx
    .table(repositories)
    .values()
    .some((one) => one.id === id)

/** Gives the branches and tags that git has now, with the branch that is the default one unless another is. */
async function look(ctx: Context, { id, name }: Pick<Repository, 'id' | 'name'>) {
  const folder = folderOf(ctx.cloud, { id })
  const all = await references(folder, '')
  const now = new Map(all.filter(([ref]) => /^refs\/(heads|tags)\//.test(ref)))
  const first = firstBranch(now)
  if (first && ctx.table(repositories).get(name)?.defaultBranch === undefined) await pointHead(folder, first)
  return { now, first }
}

export function changesBetween(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): ReferenceChange[] {
  const gone = [...before].filter(([name]) => !now.has(name))
  return [
    ...gone.map(([name, previous]) => ({ event: 'referenceDeleted' as const, name, previous })),
    ...[...now].flatMap(([name, commit]): ReferenceChange[] => {
      const previous = before.get(name)
      if (previous === commit) return []
      return [{ event: previous ? 'referenceUpdated' : 'referenceCreated', name, commit, previous }]
    }),
  ]
}

/** AWS: the first branch that comes into an empty repository is its default branch. Gives the repository while it is there. */
function settleDefaultBranch(
  ctx: Context,
  repository: Repository | undefined,
  id: string,
  first: string | undefined,
): Repository | undefined {
  // One of the same name may have been made since.
  if (repository?.id !== id) return undefined
  if (repository.defaultBranch !== undefined || first === undefined) return repository
  const changed = { ...repository, defaultBranch: first }
  ctx.table(repositories).put(repository.name, changed)
  return changed
}

function firstBranch(now: ReadonlyMap<string, string>): string | undefined {
  const names = [...now.keys()].filter((ref) => ref.startsWith('refs/heads/')).map((ref) => ref.slice(11))
  return names.includes('main') ? 'main' : names[0]
}

/** AWS: monitoring-events, "referenceCreated event" and its neighbours. */
function publish(ctx: Context, repository: Repository, change: ReferenceChange, cause: Cause = {}): void {
  const { id, name, account, region } = repository
  const [, type = '', ...rest] = change.name.split('/')
  const referenceName = rest.join('/')
  ctx.publish({
    source: 'aws.codecommit',
    detailType: 'CodeCommit Repository State Change',
    resources: [formatArn('codecommit', region, account, name)],
    detail: {
      event: change.event,
      repositoryName: name,
      repositoryId: id,
      referenceType: type === 'tags' ? 'tag' : 'branch',
      referenceName,
      referenceFullName: change.name,
      ...(change.commit !== undefined && { commitId: change.commit }),
      ...(change.previous !== undefined && { oldCommitId: change.previous }),
      ...cause,
    },
  })
  if (change.commit === undefined) return
  followBranch(ctx, repository, change.name, change.commit)
  if (type === 'heads')
    ctx.cloud.bus.emit(codeCommitChanged, {
      account,
      region,
      repository: name,
      branch: referenceName,
      commit: change.commit,
    })
}
