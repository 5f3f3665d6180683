import { lstat, mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { open, pack, unpack } from './archive.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossdock-archive-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('gives back what was packed, with permissions', async () => {
  const content = Buffer.from('#!/bin/sh\n')
  const archive = await pack([
    { name: 'bin/run', content, mode: 0o755 },
    { name: 'a.txt', content: Buffer.from('a') },
  ])
  await unpack(archive, folder)
  expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('a')
  expect((await stat(join(folder, 'bin/run'))).mode & 0o777).toBe(0o755)
})

test.each(['../evil', '/etc/evil', 'a/../../evil', 'C:\\evil', 'a\\..\\..\\evil'])(
  'refuses the name %s and writes nothing',
  async (name) => {
    const archive = zipSync({ 'good.txt': Buffer.from('x'), [name]: Buffer.from('x') })
    await expect(unpack(archive, folder)).rejects.toThrow(/unsafe name/)
    expect(await readdir(folder)).toEqual([])
  },
)

test('refuses what is no archive', async () => {
  await expect(open(Buffer.from('not a zip'))).rejects.toThrow()
})

const link = (name: string, leadsTo: string) => ({ name, content: Buffer.from(leadsTo), link: true })

test('keeps links that stay within', async () => {
  const target = { name: 'lib/tool.js', content: Buffer.from('tool') }
  await unpack(await pack([link('bin/tool', '../lib/tool.js'), link('all', 'lib'), target]), folder)
  expect(await readlink(join(folder, 'bin/tool'))).toBe('../lib/tool.js')
  expect(await readFile(join(folder, 'all/tool.js'), 'utf8')).toBe('tool')
})

test.each([
  ['a', '../outside'],
  ['a/b', '../../outside'],
  ['a', '/etc/passwd'],
  ['a', 'b/../../outside'],
  ['a/b', '..'],
  ['a', ''],
])('makes a file of the link %s to %s, which may lead outside', async (name, leadsTo) => {
  await unpack(await pack([link(name, leadsTo)]), folder)
  expect((await lstat(join(folder, name))).isFile()).toBe(true)
})

test('writes nothing through a link', async () => {
  const archive = await pack([link('a', 'b'), { name: 'a/x', content: Buffer.from('x') }])
  await expect(unpack(archive, folder)).rejects.toThrow()
})
