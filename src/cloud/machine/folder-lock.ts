/** Keeps two clouds from working on the same data folder: a lock of the operating system, which dies with its holder. */
import { spawnSync } from 'node:child_process'
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** A data folder that another running cloud holds. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
}

export interface FolderLock {
  /** Tells those who come later where the holder can be reached. */
  tell(endpoint: string): void
  /** Lets the folder go. */
  release(): void
}

interface Holder {
  readonly pid: number
  readonly host: string
  readonly since: string
  readonly endpoint?: string
}

/**
 * `open(2)` locks the file as `flock(2)` does. libuv: UV_FS_O_EXLOCK "is supported on macOS and Windows"; Node has no
 * name for it. Linux has no such flag.
 */
const LOCKING: Partial<Record<NodeJS.Platform, number>> = { darwin: 0x20, freebsd: 0x20, win32: 0x10000000 }

/**
 * Takes the folder until it is let go or this process ends, however it ends: no number of a process is compared, so
 * neither a number used again nor another container on the same volume is taken for the holder. The file stays behind
 * empty: removing it would let two others lock two files of one name.
 * Errors: FolderInUse naming the holder; the folder cannot be written.
 */
export function lockFolder(folder: string, since: Date): FolderLock {
  const path = join(folder, 'in-use-by')
  const file = openLocked(path)
  if (file === undefined) throw new FolderInUse(`the data folder ${folder} is in use by ${holderIn(path)}`)
  const tell = (text: string) => {
    ftruncateSync(file)
    writeSync(file, text, 0)
  }
  const holder: Holder = { pid: process.pid, host: hostname(), since: since.toISOString() }
  tell(JSON.stringify(holder))
  return {
    tell: (endpoint) => tell(JSON.stringify({ ...holder, endpoint })),
    release: () => {
      tell('')
      closeSync(file)
    },
  }
}

/** Gives the file's descriptor, or undefined where another has the lock. */
function openLocked(path: string): number | undefined {
  const locking = LOCKING[process.platform]
  const flags = constants.O_RDWR | constants.O_CREAT
  if (locking === undefined) return withProgram(openSync(path, flags, 0o600))
  try {
    return openSync(path, flags | locking | (constants.O_NONBLOCK ?? 0), 0o600)
  } catch (error) {
    if (['EAGAIN', 'EWOULDBLOCK', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined
    throw error
  }
}

/**
 * The lock belongs to the open file and not to the program that takes it, so it stays with this process.
 * flock(1) of util-linux and of BusyBox: 1 when another has it.
 */
function withProgram(file: number): number | undefined {
  const { status, error, stderr } = spawnSync('flock', ['-n', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', file],
  })
  if (status === 0) return file
  closeSync(file)
  if (status === 1) return undefined
  const missing = (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
  throw new Error(
    missing
      ? 'a data folder is locked with the program flock, which is not here: install util-linux'
      : `the data folder cannot be locked: ${error?.message ?? String(stderr).trim()}`,
  )
}

/** Says who holds the folder, as far as the holder has said it. */
function holderIn(path: string): string {
  let holder: Partial<Holder> | null
  try {
    holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder> | null
  } catch {
    holder = null
  }
  if (!holder?.pid) return 'another cloud'
  const { pid, host, since, endpoint } = holder
  const where = host === hostname() ? '' : ` on ${host}`
  return `another cloud (process ${pid}${where}, since ${since}${endpoint ? `, at ${endpoint}` : ''})`
}
