/** Pull requests of connected repositories: by their references and by what people do at a provider. */
import { describe, expect, it } from 'vitest'
import {
  type PullRequestChange,
  pullRequestChanged,
  repositoryPushed,
  tagPushed,
} from '../../../src/cloud/kernel/service-events.ts'
import { HUB, startTestCloud } from '../cloud.ts'
import { addressed, gitClient } from '../codecommit/git-client.ts'

const { cloud } = await startTestCloud()
const authorization = `Basic ${Buffer.from(`${HUB}:test`).toString('base64')}`

let repositories = 0

/** A repository with the branches main and feature, what happens in it, and a way to ask it. */
async function opened() {
  const repository = `team/pulls-${repositories++}`
  const url = `${cloud.endpoint}/_codeconnections/${repository}.git`
  const work = await gitClient()
  const remote = addressed(url)
  const push = (...refs: string[]) => work.git('push', '--quiet', '--force', remote, ...refs)
  const seen: PullRequestChange[] = []
  cloud.bus.on(pullRequestChanged, (change) => change.repository === repository && seen.push(change))
  const ask = async (path: string, body?: object) => {
    const answer = await fetch(`${url}${path}`, {
      headers: { authorization },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  const base = await work.commit({ 'a.txt': 'one\n' }, 'First')
  await work.git('checkout', '--quiet', '-b', 'feature')
  const head = await work.commit({ 'src/b.txt': 'one\n' }, 'A feature')
  await push('main', 'feature')
  return { repository, work, push, seen, ask, base, head }
}

describe('a pull request', () => {
  it('is opened by its reference, updated by another push, and closed with it', async () => {
    const { repository, work, push, seen, head } = await opened()
    await push('feature:refs/pull/5/head')
    expect(seen).toEqual([
      {
        ...{ repository, number: 5, event: 'OPEN', reopened: false, merged: false, title: 'feature' },
        ...{ source: 'feature', destination: 'main', commit: head, changedFiles: ['src/b.txt'] },
        ...{ message: 'A feature', author: HUB, actor: HUB },
      },
    ])
    const next = await work.commit({ 'c.txt': 'one\n' }, 'More')
    await push('feature:refs/pull/5/head')
    expect(seen[1]).toMatchObject({ event: 'UPDATED', commit: next, previous: head, message: 'More' })
    expect(seen[1]?.changedFiles).toEqual(['c.txt', 'src/b.txt'])
    await push(':refs/pull/5/head')
    expect(seen.slice(2)).toMatchObject([{ event: 'CLOSED', merged: false, commit: next }])
  })

  it('is opened for a branch, which it follows, and has its reference', async () => {
    const { work, push, seen, ask, head } = await opened()
    const { status, body } = await ask('/pulls', { source: 'feature', title: 'Please' })
    expect([status, body]).toMatchObject([
      201,
      { number: 1, title: 'Please', source: 'feature', destination: 'main', state: 'OPEN', commit: head },
    ])
    const next = await work.commit({ 'c.txt': 'one\n' })
    await push('feature')
    expect(seen.map(({ event }) => event)).toEqual(['OPEN', 'UPDATED'])
    expect(
      await work.git(
        'ls-remote',
        addressed(`${cloud.endpoint}/_codeconnections/${seen[0]!.repository}`),
        'refs/pull/1/head',
      ),
    ).toContain(next)
    await push(':feature')
    expect(seen.at(-1)).toMatchObject({ event: 'CLOSED', merged: false })
  })

  it('is merged at the provider, which pushes, or by a push that has its head', async () => {
    const { repository, seen, ask, head } = await opened()
    await ask('/pulls', { source: 'feature' })
    const pushes: string[] = []
    const stop = cloud.bus.on(
      repositoryPushed,
      (one) => one.repository === repository && pushes.push(one.branch),
    )
    const { status, body } = await ask('/pulls/1/merge', {})
    stop()
    expect([status, body.merged, body.state]).toEqual([200, true, 'CLOSED'])
    expect(pushes).toEqual(['main'])
    expect(seen.at(-1)).toMatchObject({ event: 'CLOSED', merged: true, commit: head })

    const other = await opened()
    await other.ask('/pulls', { source: 'feature' })
    await other.push('feature:main')
    expect(other.seen.map(({ event, merged }) => [event, merged])).toEqual([
      ['OPEN', false],
      ['CLOSED', true],
    ])
  })

  it('is not merged where files are in conflict', async () => {
    const { work, push, ask, seen } = await opened()
    await work.commit({ 'a.txt': 'theirs\n' })
    await push('feature')
    await work.git('checkout', '--quiet', 'main')
    await work.commit({ 'a.txt': 'ours\n' })
    await push('main')
    await ask('/pulls', { source: 'feature' })
    expect(await ask('/pulls/1/merge', {})).toEqual({
      status: 409,
      body: { message: 'files are in conflict: a.txt' },
    })
    expect(seen.map(({ event }) => event)).toEqual(['OPEN'])
  })

  it('is closed, and opened again', async () => {
    const { ask, seen } = await opened()
    await ask('/pulls', { source: 'feature' })
    expect((await ask('/pulls/1', { state: 'closed' })).body.state).toBe('CLOSED')
    expect((await ask('/pulls/1', { state: 'closed' })).status).toBe(422)
    expect((await ask('/pulls/1', { state: 'open' })).body.state).toBe('OPEN')
    expect(seen.map(({ event, reopened }) => [event, reopened])).toEqual([
      ['OPEN', false],
      ['CLOSED', false],
      ['OPEN', true],
    ])
    expect((await ask('/pulls')).body).toMatchObject([{ number: 1, state: 'OPEN', statuses: [] }])
  })

  it.each<[string, object | undefined, number, RegExp]>([
    ['/pulls', { source: 'nowhere' }, 422, /has no branch nowhere: push it first/],
    ['/pulls', { source: 'feature', destination: 'main~1' }, 422, /has no branch main~1/],
    ['/pulls', { source: 'main' }, 422, /same branch/],
    ['/pulls', { source: 7 }, 400, /names of branches/],
    ['/pulls/9', { state: 'closed' }, 404, /no pull request 9/],
    ['/pulls/9/merge', undefined, 404, /no pull request 9/],
  ])('%s with %j is answered with why not', async (path, body, status, message) => {
    const { ask } = await opened()
    const answer = await ask(path, body)
    expect([answer.status, answer.body.message]).toEqual([status, expect.stringMatching(message)])
  })
})

it('tags are told once, by the commit that they are at', async () => {
  const { repository, work, push, base, head } = await opened()
  const told: [string, string][] = []
  cloud.bus.on(tagPushed, (one) => one.repository === repository && told.push([one.tag, one.commit]))
  await work.git('tag', 'v1', base)
  await work.git(
    '-c',
    'user.name=T',
    '-c',
    'user.email=t@example.com',
    'tag',
    '-a',
    '-m',
    'Second',
    'v2',
    head,
  )
  await push('v1', 'v2')
  await push('main')
  expect(told).toEqual([
    ['v1', base],
    ['v2', head],
  ])
})
