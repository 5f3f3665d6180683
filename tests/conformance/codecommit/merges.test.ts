/** Merges of branches: forward, squashed, of three sides, and in conflict. */
import {
  CodeCommitClient,
  CreateBranchCommand,
  CreateCommitCommand,
  CreateRepositoryCommand,
  GetCommitCommand,
  GetFileCommand,
  GetMergeOptionsCommand,
  MergeBranchesByFastForwardCommand,
  MergeBranchesBySquashCommand,
  MergeBranchesByThreeWayCommand,
} from '@aws-sdk/client-codecommit'
import { expect, it } from 'vitest'
import type { CloudEvent } from '../../../src/cloud/kernel/event-bus.ts'
import { startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const client = test.client(CodeCommitClient)

const LINES = 'one\ntwo\nthree\nfour\nfive\n'

async function commit(repositoryName: string, branchName: string, files: object, parentCommitId?: string) {
  const putFiles = Object.entries(files).map(([filePath, content]) => ({
    filePath,
    fileContent: Buffer.from(content as string),
  }))
  const made = await client.send(
    new CreateCommitCommand({ repositoryName, branchName, putFiles, parentCommitId }),
  )
  return made.commitId!
}

/** A repository whose branch `work` has a commit, as `main` has when `ours` is given. */
async function parted(repositoryName: string, theirs: object, ours?: object) {
  await client.send(new CreateRepositoryCommand({ repositoryName }))
  const base = await commit(repositoryName, 'main', { 'a.txt': LINES })
  await client.send(new CreateBranchCommand({ repositoryName, branchName: 'work', commitId: base }))
  const source = await commit(repositoryName, 'work', theirs, base)
  const destination = ours ? await commit(repositoryName, 'main', ours, base) : base
  return {
    base,
    source,
    destination,
    sides: { repositoryName, sourceCommitSpecifier: 'work', destinationCommitSpecifier: 'main' },
  }
}

it('go forward where the destination has nothing of its own, and tell of it', async () => {
  const { source, base, sides } = await parted('forward', { 'b.txt': 'b' })
  const seen: CloudEvent[] = []
  const stop = test.cloud.bus.listen((one) => seen.push(one))
  const merged = await client.send(new MergeBranchesByFastForwardCommand(sides))
  stop()
  expect(merged.commitId).toBe(source)
  expect(seen.at(-1)?.detail).toMatchObject({
    event: 'referenceUpdated',
    commitId: source,
    oldCommitId: base,
    sourceCommitId: source,
    mergeOption: 'FAST_FORWARD_MERGE',
  })
})

it('of both sides have two parents, squashed one', async () => {
  const { source, destination, sides } = await parted('both', { 'b.txt': 'b' }, { 'c.txt': 'c' })
  const options = await client.send(new GetMergeOptionsCommand(sides))
  expect(options.mergeOptions).toEqual(['SQUASH_MERGE', 'THREE_WAY_MERGE'])
  await expect(client.send(new MergeBranchesByFastForwardCommand(sides))).rejects.toMatchObject({
    name: 'ManualMergeRequiredException',
  })
  const merged = await client.send(
    new MergeBranchesByThreeWayCommand({ ...sides, commitMessage: 'Merged', authorName: 'A' }),
  )
  const found = await client.send(new GetCommitCommand({ repositoryName: 'both', commitId: merged.commitId }))
  expect(found.commit).toMatchObject({ parents: [destination, source], message: 'Merged\n' })

  const other = await parted('squashed', { 'b.txt': 'b' }, { 'c.txt': 'c' })
  const squashed = await client.send(new MergeBranchesBySquashCommand(other.sides))
  const one = await client.send(
    new GetCommitCommand({ repositoryName: 'squashed', commitId: squashed.commitId }),
  )
  expect(one.commit?.parents).toEqual([other.destination])
  await client.send(new GetFileCommand({ repositoryName: 'squashed', filePath: 'b.txt' }))
})

it('of one file are in conflict, but for different lines where lines are asked for', async () => {
  const { sides } = await parted(
    'lines',
    { 'a.txt': LINES.replace('one', '1') },
    { 'a.txt': LINES.replace('five', '5') },
  )
  await expect(client.send(new MergeBranchesBySquashCommand(sides))).rejects.toMatchObject({
    name: 'ManualMergeRequiredException',
  })
  await client.send(new MergeBranchesBySquashCommand({ ...sides, conflictDetailLevel: 'LINE_LEVEL' }))
  const file = await client.send(new GetFileCommand({ repositoryName: 'lines', filePath: 'a.txt' }))
  expect(Buffer.from(file.fileContent!).toString()).toBe('1\ntwo\nthree\nfour\n5\n')

  const same = await parted('same', { 'a.txt': 'x' }, { 'a.txt': 'y' })
  const options = await client.send(
    new GetMergeOptionsCommand({ ...same.sides, conflictDetailLevel: 'LINE_LEVEL' }),
  )
  expect(options.mergeOptions).toEqual([])
  await expect(
    client.send(new MergeBranchesBySquashCommand({ ...same.sides, keepEmptyFolders: true })),
  ).rejects.toThrow(/keepEmptyFolders/)
})
