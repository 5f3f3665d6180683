/** Merges in conflict: told by file and by line, and resolved by a side, by themselves or by the caller. */
import {
  BatchDescribeMergeConflictsCommand,
  CodeCommitClient,
  type ConflictDetailLevelTypeEnum,
  type ConflictResolutionStrategyTypeEnum,
  CreateBranchCommand,
  CreateCommitCommand,
  CreateRepositoryCommand,
  CreateUnreferencedMergeCommitCommand,
  DescribeMergeConflictsCommand,
  GetFileCommand,
  GetMergeCommitCommand,
  GetMergeConflictsCommand,
  GetMergeOptionsCommand,
  ListFileCommitHistoryCommand,
  MergeBranchesByThreeWayCommand,
} from '@aws-sdk/client-codecommit'
import { describe, expect, it } from 'vitest'
import { startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const client = test.client(CodeCommitClient)
const LINES = 'one\ntwo\nthree\nfour\nfive\n'
type Files = Readonly<Record<string, string | null>>

async function commit(repositoryName: string, branchName: string, files: Files, parentCommitId?: string) {
  const put = Object.entries(files).filter(([, content]) => content !== null)
  const gone = Object.entries(files).filter(([, content]) => content === null)
  const made = await client.send(
    new CreateCommitCommand({
      repositoryName,
      branchName,
      parentCommitId,
      putFiles: put.map(([filePath, content]) => ({ filePath, fileContent: Buffer.from(content!) })),
      deleteFiles: gone.map(([filePath]) => ({ filePath })),
    }),
  )
  return made.commitId!
}

let repositories = 0

/** A repository whose branches work and main have parted. */
async function parted(theirs: Files, ours: Files) {
  const repositoryName = `parted-${repositories++}`
  await client.send(new CreateRepositoryCommand({ repositoryName }))
  const base = await commit(repositoryName, 'main', { 'a.txt': LINES, 'b.txt': 'b\n' })
  await client.send(new CreateBranchCommand({ repositoryName, branchName: 'work', commitId: base }))
  const source = await commit(repositoryName, 'work', theirs, base)
  const destination = await commit(repositoryName, 'main', ours, base)
  const sides = { repositoryName, sourceCommitSpecifier: 'work', destinationCommitSpecifier: 'main' }
  const read = async (commitSpecifier: string, filePath = 'a.txt') => {
    const found = await client.send(new GetFileCommand({ repositoryName, commitSpecifier, filePath }))
    return Buffer.from(found.fileContent!).toString()
  }
  return { base, source, destination, sides, read }
}

/** Both change line one, and each a line of its own. */
const clash = () =>
  parted(
    { 'a.txt': LINES.replace('one', '1').replace('five', '5'), 'c.txt': 'c\n' },
    { 'a.txt': LINES.replace('one', 'uno'), 'd.txt': 'd\n' },
  )
/** One that nobody merges into. */
let looked: ReturnType<typeof clash> | undefined
const lookedAt = () => (looked ??= clash())
const text = (content: string | undefined) => Buffer.from(content ?? '', 'base64').toString()

describe('conflicts', () => {
  it('are told by file, and by line', async () => {
    const { sides, base, source, destination } = await lookedAt()
    const asked = { ...sides, mergeOption: 'THREE_WAY_MERGE' as const }
    const told = await client.send(new GetMergeConflictsCommand(asked))
    expect(told).toMatchObject({
      mergeable: false,
      sourceCommitId: source,
      destinationCommitId: destination,
      baseCommitId: base,
      conflictMetadataList: [
        {
          filePath: 'a.txt',
          contentConflict: true,
          fileModeConflict: false,
          objectTypeConflict: false,
          numberOfConflicts: 1,
          fileSizes: { base: LINES.length },
          objectTypes: { source: 'FILE', destination: 'FILE', base: 'FILE' },
          mergeOperations: { source: 'M', destination: 'M' },
          isBinaryFile: { source: false },
        },
      ],
    })
    const lines = await client.send(
      new DescribeMergeConflictsCommand({ ...asked, filePath: 'a.txt', conflictDetailLevel: 'LINE_LEVEL' }),
    )
    expect(lines.mergeHunks).toHaveLength(1)
    const [hunk] = lines.mergeHunks!
    expect(hunk).toMatchObject({ isConflict: true, source: { startLine: 1, endLine: 1 } })
    expect([hunk!.source, hunk!.destination, hunk!.base].map((one) => text(one?.hunkContent))).toEqual([
      '1\n',
      'uno\n',
      'one\n',
    ])
    const all = await client.send(
      new BatchDescribeMergeConflictsCommand({ ...asked, filePaths: ['a.txt', 'b.txt'] }),
    )
    expect(all.conflicts?.map((one) => one.conflictMetadata?.filePath)).toEqual(['a.txt'])
    expect(text(all.conflicts?.[0]?.mergeHunks?.[0]?.destination?.hunkContent)).toContain('uno\ntwo\n')
    expect(all.errors).toMatchObject([{ filePath: 'b.txt', exceptionName: 'FileDoesNotExistException' }])
    await expect(
      client.send(new DescribeMergeConflictsCommand({ ...asked, filePath: 'b.txt' })),
    ).rejects.toMatchObject({ name: 'FileDoesNotExistException' })
  })

  it('are none of different lines, where lines are asked for, and none forward', async () => {
    const { sides } = await parted(
      { 'a.txt': LINES.replace('one', '1') },
      { 'a.txt': LINES.replace('five', '5') },
    )
    const asked = { ...sides, mergeOption: 'SQUASH_MERGE' as const }
    const byLine = { ...asked, conflictDetailLevel: 'LINE_LEVEL' as const }
    expect(await client.send(new GetMergeConflictsCommand(asked))).toMatchObject({ mergeable: false })
    const told = await client.send(new GetMergeConflictsCommand(byLine))
    expect(told).toMatchObject({ mergeable: true, conflictMetadataList: [] })
    const forward = { ...sides, mergeOption: 'FAST_FORWARD_MERGE' as const }
    const ahead = await client.send(new GetMergeConflictsCommand(forward))
    expect(ahead).toMatchObject({ mergeable: false, conflictMetadataList: [] })
  })

  it('are of files that one side has deleted', async () => {
    const { sides } = await parted({ 'b.txt': 'changed\n' }, { 'b.txt': null })
    const told = await client.send(new GetMergeConflictsCommand({ ...sides, mergeOption: 'THREE_WAY_MERGE' }))
    expect(told.conflictMetadataList).toMatchObject([
      { filePath: 'b.txt', mergeOperations: { source: 'M', destination: 'D' } },
    ])
  })
})

describe('a merge', () => {
  const OWN = LINES.replace('one', 'uno')
  const THEIR = LINES.replace('one', '1').replace('five', '5')

  it.each<[ConflictResolutionStrategyTypeEnum, ConflictDetailLevelTypeEnum, string]>([
    ['ACCEPT_SOURCE', 'FILE_LEVEL', THEIR],
    ['ACCEPT_DESTINATION', 'FILE_LEVEL', OWN],
    ['ACCEPT_SOURCE', 'LINE_LEVEL', THEIR],
    ['ACCEPT_DESTINATION', 'LINE_LEVEL', OWN.replace('five', '5')],
  ])('that takes %s by %s keeps what is nobody’s conflict', async (strategy, level, expected) => {
    const { sides, read, source, destination } = await lookedAt()
    const resolution = { conflictResolutionStrategy: strategy, conflictDetailLevel: level }
    const options = await client.send(new GetMergeOptionsCommand({ ...sides, ...resolution }))
    expect(options.mergeOptions).toEqual(['SQUASH_MERGE', 'THREE_WAY_MERGE'])
    const merge = { ...sides, ...resolution, mergeOption: 'THREE_WAY_MERGE' as const }
    const { commitId } = await client.send(new CreateUnreferencedMergeCommitCommand(merge))
    expect(await read(commitId!)).toBe(expected)
    expect([await read(commitId!, 'c.txt'), await read(commitId!, 'd.txt')]).toEqual(['c\n', 'd\n'])
    expect(await read('main')).toBe(OWN)
    expect([source, destination]).not.toContain(commitId)
  })

  it('that goes by itself does so where lines allow it, or the caller says what else', async () => {
    const { sides, read } = await parted(
      { 'a.txt': LINES.replace('one', '1') },
      { 'a.txt': LINES.replace('five', '5') },
    )
    const auto = { conflictResolutionStrategy: 'AUTOMERGE' as const }
    await client.send(new MergeBranchesByThreeWayCommand({ ...sides, ...auto }))
    expect(await read('main')).toBe(LINES.replace('one', '1').replace('five', '5'))

    const other = await clash()
    await expect(
      client.send(new MergeBranchesByThreeWayCommand({ ...other.sides, ...auto })),
    ).rejects.toMatchObject({ name: 'ManualMergeRequiredException' })
    const conflictResolution = {
      replaceContents: [
        { filePath: 'a.txt', replacementType: 'USE_NEW_CONTENT' as const, content: Buffer.from('both\n') },
      ],
      setFileModes: [{ filePath: 'a.txt', fileMode: 'EXECUTABLE' as const }],
    }
    const resolved = { ...other.sides, ...auto, conflictResolution }
    const look = await client.send(
      new CreateUnreferencedMergeCommitCommand({ ...resolved, mergeOption: 'THREE_WAY_MERGE' }),
    )
    expect(await other.read(look.commitId!)).toBe('both\n')
    expect(await other.read('main')).toBe(OWN)
    const { commitId } = await client.send(new MergeBranchesByThreeWayCommand(resolved))
    expect(await other.read('main')).toBe('both\n')
    const found = await client.send(
      new GetMergeCommitCommand({
        repositoryName: other.sides.repositoryName,
        sourceCommitSpecifier: other.source,
        destinationCommitSpecifier: other.destination,
      }),
    )
    expect(found.mergedCommitId).toBe(commitId)
    const { fileMode } = await client.send(
      new GetFileCommand({ repositoryName: other.sides.repositoryName, filePath: 'a.txt' }),
    )
    expect(fileMode).toBe('EXECUTABLE')
  })

  it('keeps a version, or deletes the file, where the caller says so', async () => {
    for (const [conflictResolution, expected] of [
      [{ replaceContents: [{ filePath: 'a.txt', replacementType: 'KEEP_BASE' as const }] }, LINES],
      [{ replaceContents: [{ filePath: 'a.txt', replacementType: 'KEEP_SOURCE' as const }] }, THEIR],
      [{ deleteFiles: [{ filePath: 'a.txt' }] }, undefined],
    ] as const) {
      const { sides, read } = await lookedAt()
      const { commitId } = await client.send(
        new CreateUnreferencedMergeCommitCommand({
          ...sides,
          mergeOption: 'THREE_WAY_MERGE',
          conflictResolutionStrategy: 'AUTOMERGE',
          conflictResolution: conflictResolution as never,
        }),
      )
      if (expected === undefined)
        await expect(read(commitId!)).rejects.toMatchObject({ name: 'FileDoesNotExistException' })
      else expect(await read(commitId!)).toBe(expected)
    }
  })

  it.each([
    [
      'a resolution without AUTOMERGE',
      { deleteFiles: [{ filePath: 'a.txt' }] },
      'NONE',
      'InvalidConflictResolution',
    ],
    [
      'a file twice',
      {
        deleteFiles: [{ filePath: 'a.txt' }],
        replaceContents: [{ filePath: 'a.txt', replacementType: 'KEEP_BASE' }],
      },
      'AUTOMERGE',
      'MultipleConflictResolutionEntries',
    ],
    [
      'new content that is none',
      { replaceContents: [{ filePath: 'a.txt', replacementType: 'USE_NEW_CONTENT' }] },
      'AUTOMERGE',
      'ReplacementContentRequired',
    ],
  ])('with %s is refused', async (_what, conflictResolution, strategy, error) => {
    const { sides } = await lookedAt()
    await expect(
      client.send(
        new MergeBranchesByThreeWayCommand({
          ...sides,
          conflictResolutionStrategy: strategy as 'NONE',
          conflictResolution: conflictResolution as never,
        }),
      ),
    ).rejects.toMatchObject({ name: `${error}Exception` })
  })
})

it('a file’s history has the commits that changed it, and what came of each', async () => {
  const repositoryName = 'history'
  await client.send(new CreateRepositoryCommand({ repositoryName }))
  const first = await commit(repositoryName, 'main', { 'a.txt': '1' })
  const second = await commit(repositoryName, 'main', { 'b.txt': '1' }, first)
  const third = await commit(repositoryName, 'main', { 'a.txt': '2' }, second)
  const { revisionDag } = await client.send(
    new ListFileCommitHistoryCommand({ repositoryName, filePath: 'a.txt' }),
  )
  expect(revisionDag?.map((one) => [one.commit?.commitId, one.revisionChildren])).toEqual([
    [third, []],
    [first, [third]],
  ])
  await expect(
    client.send(new ListFileCommitHistoryCommand({ repositoryName, filePath: 'none.txt' })),
  ).rejects.toMatchObject({ name: 'FileDoesNotExistException' })
})
