/** Changes of files that one commit of the API makes: what is put, moved, deleted, and given another mode. */
import { AwsError } from '../../../../model/index.ts'
import { checkPath } from './names.ts'
import { noFile } from './refusals.ts'
import { type Entry, FILE_LIMIT, type FileMode, fileMode, gitMode } from './tree.ts'
import { type TreeChange, writeBlob } from './write-commit.ts'

export interface FileChanges {
  readonly putFiles?: readonly {
    readonly filePath: string
    readonly fileMode?: string
    readonly fileContent?: Uint8Array
    readonly sourceFile?: { readonly filePath: string; readonly isMove?: boolean }
  }[]
  readonly deleteFiles?: readonly { readonly filePath: string }[]
  readonly setFileModes?: readonly { readonly filePath: string; readonly fileMode: string }[]
  readonly keepEmptyFolders?: boolean
}

export interface ChangedFile {
  readonly absolutePath: string
  readonly blobId: string
  readonly fileMode: FileMode
}

export interface WorkedOut {
  readonly changes: TreeChange[]
  readonly added: ChangedFile[]
  readonly updated: ChangedFile[]
  readonly deleted: ChangedFile[]
}

/** AWS: quotas, "Number of files in a commit". */
const MOST_ENTRIES = 100

/** Works out what becomes of the files of a commit. Errors: those of CreateCommit for files. */
export async function workOut(
  folder: string,
  files: ReadonlyMap<string, Entry>,
  given: FileChanges,
): Promise<WorkedOut> {
  const wanted = new Map<string, { mode: string; id: string } | undefined>()
  const set = (path: string, to: { mode: string; id: string } | undefined) => {
    if (wanted.has(path)) throw new AwsError('SamePathRequestException', `${path} is named more than once`)
    wanted.set(path, to)
  }
  const present = (given: string): Entry => {
    const entry = files.get(checkPath(given))
    if (entry?.type !== 'blob') throw noFile(given)
    return entry
  }
  checkCount(given)
  for (const { filePath, fileMode: mode, fileContent, sourceFile } of given.putFiles ?? []) {
    if (fileContent && sourceFile)
      throw new AwsError('FileContentAndSourceFileSpecifiedException', `${filePath} has content and a source`)
    const source = sourceFile && present(sourceFile.filePath)
    if (sourceFile?.isMove) set(source!.path, undefined)
    if (!source && !fileContent)
      throw new AwsError(
        'SourceFileOrContentRequiredException',
        `${filePath} has neither content nor a source`,
      )
    const path = checkPath(filePath)
    const own = mode ? gitMode(mode) : (source?.mode ?? files.get(path)?.mode ?? gitMode())
    set(path, { mode: own, id: source?.id ?? (await writeContent(folder, filePath, fileContent!)) })
  }
  for (const { filePath } of given.deleteFiles ?? []) set(present(filePath).path, undefined)
  for (const { filePath, fileMode: mode } of given.setFileModes ?? []) {
    const { path, id } = present(filePath)
    set(path, { mode: gitMode(mode), id })
  }
  if (given.keepEmptyFolders) await keepFolders(folder, files, wanted)
  checkFolders(files, wanted)
  return sorted(files, wanted)
}

function checkCount({ putFiles = [], deleteFiles = [], setFileModes = [] }: FileChanges): void {
  const count = putFiles.length + deleteFiles.length + setFileModes.length
  if (count === 0) throw new AwsError('FileEntryRequiredException', 'The commit changes no file')
  if (count > MOST_ENTRIES)
    throw new AwsError('MaximumFileEntriesExceededException', `At most ${MOST_ENTRIES} files are taken`)
}

/** Errors: FileContentSizeLimitExceededException. */
export async function writeContent(folder: string, path: string, content: Uint8Array): Promise<string> {
  if (content.length > FILE_LIMIT)
    throw new AwsError('FileContentSizeLimitExceededException', `${path} has more than ${FILE_LIMIT} bytes`)
  return writeBlob(folder, content)
}

type Wanted = Map<string, { mode: string; id: string } | undefined>

const foldersOf = (path: string): string[] => {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

/** AWS: keepEmptyFolders puts a `.gitkeep` file where the last file of a folder goes. */
async function keepFolders(folder: string, files: ReadonlyMap<string, Entry>, wanted: Wanted): Promise<void> {
  const left = [...files.keys()].filter((path) => !wanted.has(path) || wanted.get(path))
  const all = [...left, ...[...wanted].flatMap(([path, to]) => (to ? [path] : []))]
  const gone = [...wanted].flatMap(([path, to]) => (to ? [] : [path]))
  for (const parent of new Set(gone.map((path) => foldersOf(path).at(-1)))) {
    if (parent === undefined || all.some((path) => path.startsWith(`${parent}/`))) continue
    wanted.set(`${parent}/.gitkeep`, { mode: gitMode(), id: await writeBlob(folder, new Uint8Array()) })
  }
}

/** A path is a file or a folder. Errors: DirectoryNameConflictsWithFileNameException, FileNameConflictsWithDirectoryNameException. */
function checkFolders(files: ReadonlyMap<string, Entry>, wanted: Wanted): void {
  const remaining = new Set([...files.keys()].filter((path) => !wanted.has(path)))
  for (const [path, to] of wanted) if (to) remaining.add(path)
  const folders = new Set([...remaining].flatMap(foldersOf))
  for (const [path, to] of wanted) {
    if (!to) continue
    if (folders.has(path))
      throw new AwsError('FileNameConflictsWithDirectoryNameException', `${path} is a folder`)
    const file = foldersOf(path).find((one) => remaining.has(one))
    if (file !== undefined)
      throw new AwsError('DirectoryNameConflictsWithFileNameException', `${file} is a file`)
  }
}

function sorted(files: ReadonlyMap<string, Entry>, wanted: Wanted): WorkedOut {
  const out: WorkedOut = { changes: [], added: [], updated: [], deleted: [] }
  for (const [path, to] of wanted) {
    const before = files.get(path)
    if (to && before?.id === to.id && before.mode === to.mode) continue
    out.changes.push([path, to])
    const { id, mode } = to ?? before!
    const told = { absolutePath: path, blobId: id, fileMode: fileMode(mode) }
    const list = to ? (before ? out.updated : out.added) : out.deleted
    list.push(told)
  }
  return out
}
