import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fleetOrigin } from './fleet-origin.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-origin-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
function repository(url: string | undefined): string {
  const root = join(folder, String(count++))
  mkdirSync(join(root, '.git'), { recursive: true })
  mkdirSync(join(root, 'delivery'))
  const remote = url === undefined ? '' : `[remote "origin"]\n\turl = ${url}\n\tfetch = +refs\n`
  writeFileSync(join(root, '.git', 'config'), `[core]\n\tbare = false\n${remote}[branch "main"]\n`)
  return root
}

test.each([
  ['https://github.com/acme/infra.git', 'github.com/acme/infra:delivery/crossdock.yaml'],
  ['https://ada:secret@github.com/acme/infra', 'github.com/acme/infra:delivery/crossdock.yaml'],
  ['git@github.com:acme/infra.git', 'github.com/acme/infra:delivery/crossdock.yaml'],
  [
    'ssh://git@GitLab.acme.example:2222/group/infra.git',
    'gitlab.acme.example/group/infra:delivery/crossdock.yaml',
  ],
  ['/srv/git/infra.git', undefined],
  ['file:///srv/git/infra.git', undefined],
  [undefined, undefined],
])('a file of a repository with the remote %s', (url, origin) => {
  expect(fleetOrigin(join(repository(url), 'delivery', 'crossdock.yaml'))).toBe(origin)
})

test('a worktree has the remote of its repository', () => {
  const main = repository('git@github.com:acme/infra.git')
  const own = join(main, '.git', 'worktrees', 'other')
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'commondir'), '../..\n')
  const worktree = join(folder, 'worktree')
  mkdirSync(worktree)
  writeFileSync(join(worktree, '.git'), `gitdir: ${own}\n`)
  expect(fleetOrigin(join(worktree, 'crossdock.yaml'))).toBe('github.com/acme/infra:crossdock.yaml')
})

test('a file in no repository comes from nowhere that others know', () => {
  expect(fleetOrigin(join(folder, 'crossdock.yaml'))).toBeUndefined()
})
