import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startCloud } from '../gateway/start-cloud.ts'
import { FolderInUse, lockFolder } from './folder-lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a folder is one cloud’s at a time', () => {
  const release = lockFolder(folder)
  expect(() => lockFolder(folder)).toThrow(FolderInUse)
  expect(() => lockFolder(folder)).toThrow(`process ${process.pid}`)
  release()
  lockFolder(folder)()
})

test('what a killed cloud left is taken over', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '0'])
  writeFileSync(join(folder, 'in-use-by'), `${pid}\n`)
  lockFolder(folder)()
  writeFileSync(join(folder, 'in-use-by'), 'not a number')
  lockFolder(folder)()
})

test('a second cloud on the same data is refused, and the first goes on', async () => {
  const first = await startCloud({ data: folder })
  await expect(startCloud({ data: folder })).rejects.toThrow(/in use by another cloud/)
  expect((await fetch(`${first.endpoint}/_crossdock/health`)).status).toBe(200)
  await first.stop()
  const second = await startCloud({ data: folder })
  await second.stop()
})

test('a port that is taken leaves the folder free', async () => {
  const first = await startCloud({ data: folder })
  const port = Number(new URL(first.endpoint).port)
  const other = mkdtempSync(join(tmpdir(), 'crossdock-lock-'))
  await expect(startCloud({ data: other, port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  lockFolder(other)()
  rmSync(other, { recursive: true, force: true })
  await first.stop()
})
