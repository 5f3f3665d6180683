/** Build badges: the newest build of a branch or a tag, for everybody who has the address. */
import { UpdateProjectCommand } from '@aws-sdk/client-codebuild'
import { expect, it } from 'vitest'
import { addressed, gitClient } from '../codecommit/git-client.ts'
import { buildspec, openBuilder } from './builder.ts'

const builder = await openBuilder()

/** What the picture at an address says. */
async function said(address: string): Promise<string> {
  const answer = await fetch(address)
  expect(answer.headers.get('content-type')).toBe('image/svg+xml')
  return /<title>(.*)<\/title>/.exec(await answer.text())![1]!
}

it('tells of branches and tags, and of nothing once it is off', async () => {
  const work = await gitClient()
  const remote = addressed(`${builder.cloud.endpoint}/_codeconnections/team/shown.git`)
  await work.commit({ 'a.txt': 'one\n' })
  await work.git('tag', 'v1')
  await work.git('branch', 'broken')
  await work.git('push', '--quiet', remote, 'main', 'broken', 'v1')
  const spec = buildspec({ build: ['test "$CODEBUILD_SOURCE_VERSION" != broken'] })
  const source = { type: 'GITHUB' as const, location: 'https://github.com/team/shown', buildspec: spec }
  const { badge } = await builder.project('shown', '', { source, badgeEnabled: true })
  const address = badge!.badgeRequestUrl!
  const of = (what: string) => address.replace('branch=main', what)
  expect(await said(address)).toBe('build: unknown')
  await builder.build('shown')
  await builder.build('shown', { sourceVersion: 'broken' })
  await builder.build('shown', { sourceVersion: 'refs/tags/v1' })
  expect(await said(address)).toBe('build: passing')
  expect(await said(of('branch=broken'))).toBe('build: failing')
  expect(await said(of('tag=v1'))).toBe('build: passing')
  expect(await said(of('tag=v2'))).toBe('build: unknown')
  expect(await said(address.replace(/uuid=[^&]+/, 'uuid=another'))).toBe('build: unknown')

  const off = await builder.codebuild.send(new UpdateProjectCommand({ name: 'shown', badgeEnabled: false }))
  expect(off.project?.badge).toEqual({ badgeEnabled: false })
  expect(await said(address)).toBe('build: unknown')
})

it('is of sources with branches', async () => {
  await expect(builder.project('flat', buildspec({ build: [] }), { badgeEnabled: true })).rejects.toThrow(
    /Build badges are not supported for source type NO_SOURCE/,
  )
})
