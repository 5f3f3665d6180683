import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { EMPTY_LOCK, lockChanges, lockFile, lockText, readLock } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-lock-'))
afterAll(() => rmSync(folder, { recursive: true }))

const lock = {
  environments: {
    prod: { organizationalUnit: '/prod', accounts: { '222222222222': 'web', '011111111111': '1.10' } },
  },
  branches: { 'github acme/orders': { 'release/*': ['release/1', 'release/1.10'] } },
}

it.each([
  ['crossdock.yaml', 'crossdock.lock.yaml'],
  ['a/crossdock.config.ts', 'a/crossdock.lock.yaml'],
  ['fleets/shop.yml', 'fleets/shop.lock.yaml'],
])('that of %s is %s', (file, expected) => {
  expect(lockFile(file)).toBe(expected)
})

it('reads what it writes, the same text whatever order things were found in', async () => {
  const file = join(folder, 'crossdock.yaml')
  const text = lockText(lock, file)
  const { web, ...rest } = { web: { organizationalUnit: '/web', accounts: {} }, ...lock.environments }
  expect(lockText({ ...lock, environments: { ...rest, web } }, file)).toBe(
    lockText({ ...lock, environments: { web, ...rest } }, file),
  )
  writeFileSync(join(folder, 'crossdock.lock.yaml'), text)
  expect(await readLock(file)).toEqual(lock)
  expect(Object.keys(parse(text).environments.prod.accounts)).toEqual(['011111111111', '222222222222'])
  expect(await readLock(join(folder, 'other.yaml'))).toEqual(EMPTY_LOCK)
})

it('what is no lock is told at its place', async () => {
  writeFileSync(join(folder, 'wrong.lock.yaml'), 'environments:\n  prod: { accounts: 3 }\n')
  await expect(readLock(join(folder, 'wrong.yaml')).catch(String)).resolves.toMatch(
    /wrong\.lock\.yaml:2:\d+: this is not what `crossdock sync` writes\n {2}fix: run `crossdock sync`/,
  )
})

it('tells two locks apart in words', () => {
  expect(lockChanges(undefined, lock)).toEqual([
    '+ prod: account 222222222222 web',
    '+ prod: account 011111111111 1.10',
    '+ github acme/orders release/*: branch release/1',
    '+ github acme/orders release/*: branch release/1.10',
  ])
  expect(lockChanges(lock, { ...lock, branches: {} }).map((line) => line[0])).toEqual(['-', '-'])
})
