/** Files of the state are their owner's alone, whatever the umask and whoever made the folder. */
import { chmodSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The permissions of group and others. */
const OTHERS = 0o077

export interface Closed {
  /** Files and folders that others had permissions on. */
  mended: number
  /** Those that belong to somebody else, so that their permissions stay. */
  left: number
}

/**
 * Takes every permission of others from a folder and all in it.
 * Windows has no such permissions: there a user's folders are their own.
 */
export function closeToOthers(path: string, closed: Closed = { mended: 0, left: 0 }): Closed {
  if (process.platform === 'win32') return closed
  const stats = lstatSync(path)
  if (stats.isSymbolicLink()) return closed
  if (stats.mode & OTHERS) {
    try {
      chmodSync(path, stats.mode & 0o7777 & ~OTHERS)
      closed.mended++
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
      closed.left++
    }
  }
  if (stats.isDirectory()) for (const name of readdirSync(path)) closeToOthers(join(path, name), closed)
  return closed
}

/** Says what was mended, and what could not be; undefined where nothing was open. */
export function sayClosed(folder: string, { mended, left }: Closed): string | undefined {
  const count = (number: number) => `${number} ${number === 1 ? 'file or folder' : 'files and folders'}`
  const said = [
    ...(mended ? [`${count(mended)} of ${folder} could be reached by other users; now they cannot`] : []),
    ...(left
      ? [`${count(left)} of ${folder} can be reached by other users and belong to somebody else`]
      : []),
  ]
  return said.length ? said.join('; ') : undefined
}
