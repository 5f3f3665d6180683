/** Keeps two clouds from working on the same data folder. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A data folder that another running cloud holds. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
}

/**
 * Takes the folder for this process and gives the function that lets it go. What a killed cloud left is taken over.
 * Errors: FolderInUse naming the process that holds it.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'in-use-by')
  const take = () => writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 })
  try {
    take()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const holder = Number.parseInt(readFileSync(file, 'utf8'), 10)
    if (isRunning(holder))
      throw new FolderInUse(`the data folder ${folder} is in use by another cloud (process ${holder})`)
    rmSync(file, { force: true })
    take()
  }
  return () => rmSync(file, { force: true })
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, but is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
