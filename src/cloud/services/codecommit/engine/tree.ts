/** What a commit holds: files, folders and their modes. */
import { AwsError } from '../../../../model/index.ts'
import { runGit } from '../../../machine/run-git.ts'

export type FileMode = 'NORMAL' | 'EXECUTABLE' | 'SYMLINK'

/** One thing in a tree, with git's own words for its mode. */
export interface Entry {
  readonly mode: string
  readonly type: 'blob' | 'tree' | 'commit'
  readonly id: string
  readonly path: string
}

const MODES: Readonly<Record<string, FileMode>> = {
  '100644': 'NORMAL',
  '100755': 'EXECUTABLE',
  '120000': 'SYMLINK',
}

export const fileMode = (mode: string): FileMode => MODES[mode] ?? 'NORMAL'

export const gitMode = (mode: string | undefined = 'NORMAL'): string =>
  Object.entries(MODES).find(([, name]) => name === mode)?.[0] ?? '100644'

/** Gives the entries of a listing of git's. */
async function list(folder: string, ...words: string[]): Promise<Entry[]> {
  const printed = await runGit(folder, '--literal-pathspecs', 'ls-tree', '-z', ...words)
  const lines = printed.toString().split('\0').filter(Boolean)
  return lines.map((line) => {
    const tab = line.indexOf('\t')
    const [mode = '', type = '', id = ''] = line.slice(0, tab).split(' ')
    return { mode, type: type as Entry['type'], id, path: line.slice(tab + 1) }
  })
}

/** Gives what a commit has at a path. */
export const entryAt = async (folder: string, commit: string, path: string): Promise<Entry | undefined> =>
  (await list(folder, commit, '--', path)).find((one) => one.path === path)

/** Gives what is in a folder of a commit; all of it at the root where the path is empty. */
export const entriesIn = (folder: string, commit: string, path: string): Promise<Entry[]> =>
  path === '' ? list(folder, commit) : list(folder, commit, '--', `${path}/`)

/** Gives every file of a commit by its path. */
export const allFiles = async (folder: string, commit: string): Promise<Map<string, Entry>> =>
  new Map((await list(folder, '-r', commit)).map((one) => [one.path, one]))

/** AWS: quotas, "File size" of what the API takes and gives: 6 MB. */
export const FILE_LIMIT = 6 * 1024 * 1024

/** Gives a file's bytes. Errors: BlobIdDoesNotExistException, FileTooLargeException. */
export async function readBlob(folder: string, id: string): Promise<Buffer> {
  const missing = () => {
    throw new AwsError('BlobIdDoesNotExistException', `The blob ${id} does not exist`)
  }
  const type = (await runGit(folder, 'cat-file', '-t', id).catch(missing)).toString().trim()
  if (type !== 'blob') missing()
  const size = Number(await runGit(folder, 'cat-file', '-s', id))
  if (size > FILE_LIMIT)
    throw new AwsError('FileTooLargeException', `The file has ${size} bytes; at most ${FILE_LIMIT} are given`)
  return runGit(folder, 'cat-file', 'blob', id)
}
