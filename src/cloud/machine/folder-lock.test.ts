import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, test } from 'vitest'
import { startCloud } from '../gateway/start-cloud.ts'
import { FolderInUse, lockFolder } from './folder-lock.ts'

const SINCE = new Date('2026-03-01T10:00:00Z')

let folder: string
const children: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-lock-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Takes the folder as `lockFolder` does on Linux, says whether it got it, and keeps it until it is killed. */
const HOLDER = `
  const file = require('node:fs').openSync(process.argv[1], 'a+')
  const flock = require('node:child_process').spawnSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', file] })
  if (flock.status === 0) require('node:fs').writeFileSync(process.argv[1], JSON.stringify({ pid: process.pid, host: 'h', since: 'then' }))
  console.log(flock.status === 0 ? 'has it' : 'has it not')
  setInterval(() => {}, 1000)
`

async function otherProcess(): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ['-e', HOLDER, join(folder, 'in-use-by')])
  children.push(child)
  const [said] = await once(child.stdout!, 'data')
  return { child, said: String(said).trim() }
}

test('a folder is one cloud’s at a time, and the message names who has it', () => {
  const lock = lockFolder(folder, SINCE)
  expect(() => lockFolder(folder, SINCE)).toThrow(FolderInUse)
  lock.tell('http://127.0.0.1:4566')
  expect(() => lockFolder(folder, SINCE)).toThrow(
    `is in use by another cloud (process ${process.pid}, since 2026-03-01T10:00:00.000Z, at http://127.0.0.1:4566)`,
  )
  lock.release()
  lockFolder(folder, SINCE).release()
})

it.each([
  ['empty, as after an orderly end', () => ''],
  ['the number of this very process', () => `${process.pid}\n`],
  ['the number of an unrelated process that runs', () => `${process.ppid}\n`],
  [
    'a holder with the number of a process that runs',
    () => JSON.stringify({ pid: 1, host: 'h', since: 's' }),
  ],
  ['no number', () => 'not a number'],
])('takes over what holds nobody’s lock: %s', (_, left) => {
  writeFileSync(join(folder, 'in-use-by'), left())
  lockFolder(folder, SINCE).release()
})

test('a holder that only begins is not given a name', () => {
  const lock = lockFolder(folder, SINCE)
  writeFileSync(join(folder, 'in-use-by'), '')
  expect(() => lockFolder(folder, SINCE)).toThrow(`the data folder ${folder} is in use by another cloud`)
  lock.release()
})

test.runIf(process.platform === 'linux')('another process has it until it is killed', async () => {
  const { child, said } = await otherProcess()
  expect(said).toBe('has it')
  expect(() => lockFolder(folder, SINCE)).toThrow(`(process ${child.pid} on h, since then)`)
  child.kill('SIGKILL')
  await once(child, 'close')
  lockFolder(folder, SINCE).release()
})

test.runIf(process.platform === 'linux')(
  'of many that start at once one gets it, also over a killed one',
  async () => {
    const killed = await otherProcess()
    killed.child.kill('SIGKILL')
    await once(killed.child, 'close')
    const all = await Promise.all(Array.from({ length: 5 }, otherProcess))
    expect(all.map(({ said }) => said).sort()).toEqual(['has it', ...Array(4).fill('has it not')])
  },
)

test('what a cloud starts does not keep the lock', async () => {
  const lock = lockFolder(folder, SINCE)
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)'])
  children.push(child)
  await once(child.stdout, 'data')
  lock.release()
  lockFolder(folder, SINCE).release()
})

test.skipIf(process.platform === 'win32')('a folder that cannot be written is told by its name', () => {
  const isRoot = process.geteuid?.() === 0
  chmodSync(folder, 0o555)
  if (isRoot) process.seteuid?.(65_534)
  try {
    expect(() => lockFolder(folder, SINCE)).toThrow(`EACCES: permission denied, open '${folder}/in-use-by'`)
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
})

test('the lock’s file is its owner’s alone', () => {
  const before = process.umask(0)
  try {
    lockFolder(folder, SINCE).release()
  } finally {
    process.umask(before)
  }
  if (process.platform !== 'win32') expect(statSync(join(folder, 'in-use-by')).mode & 0o777).toBe(0o600)
})

test('a second cloud on the same data is refused, and the first goes on', async () => {
  const first = await startCloud({ data: folder })
  await expect(startCloud({ data: folder })).rejects.toThrow(
    new RegExp(`in use by another cloud \\(process ${process.pid}, since .*, at ${first.endpoint}\\)$`),
  )
  expect((await fetch(`${first.endpoint}/_crossdock/health`)).status).toBe(200)
  await first.stop()
  const second = await startCloud({ data: folder })
  await second.stop()
})

test('of two clouds that start at once on a new folder one is refused', async () => {
  const data = join(folder, 'new')
  const both = await Promise.allSettled([startCloud({ data }), startCloud({ data })])
  expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  for (const one of both) if (one.status === 'fulfilled') await one.value.stop()
})

test('a port that is taken leaves the folder free', async () => {
  const first = await startCloud({ data: folder })
  const port = Number(new URL(first.endpoint).port)
  const other = mkdtempSync(join(tmpdir(), 'crossdock-lock-'))
  await expect(startCloud({ data: other, port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  lockFolder(other, SINCE).release()
  rmSync(other, { recursive: true, force: true })
  await first.stop()
})
