import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { open } from '../../../machine/archive.ts'
import { packArtifacts } from './artifacts.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossdock-artifacts-'))
  for (const file of ['dist/app.js', 'dist/lib/deep.js', 'dist/.hidden', 'README.md']) {
    await mkdir(join(folder, file, '..'), { recursive: true })
    await writeFile(join(folder, file), file)
  }
  await writeFile(join(folder, 'dist/run.sh'), 'run')
  await chmod(join(folder, 'dist/run.sh'), 0o755)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const choose = async (choice: object) => {
  const archive = await packArtifacts(folder, {
    files: ['**/*'],
    excludePaths: [],
    discardPaths: false,
    enableSymlinks: false,
    ...choice,
  })
  return open(archive)
}

test('takes what the patterns say, relative to the base directory', async () => {
  const files = await choose({ baseDirectory: 'dist' })
  expect([...files.keys()].sort()).toEqual(['.hidden', 'app.js', 'lib/deep.js', 'run.sh'])
})

test('keeps permissions', async () => {
  const files = await choose({ baseDirectory: 'dist', files: ['run.sh', 'app.js'] })
  expect(files.get('run.sh')?.mode).toBe(0o755)
  expect(files.get('app.js')?.mode).toBe(0o644)
})

test('flattens, excludes, and takes a pattern for the base directory', async () => {
  const files = await choose({ baseDirectory: 'd*', discardPaths: true, excludePaths: ['.hidden'] })
  expect([...files.keys()].sort()).toEqual(['app.js', 'deep.js', 'run.sh'])
})

test('says when nothing matches, and does not leave the source folder', async () => {
  await expect(choose({ files: ['*.zip'] })).rejects.toThrow(/No matching files in \*\.zip/)
  await expect(choose({ baseDirectory: '../..' })).rejects.toThrow(/outside of the source folder/)
})
