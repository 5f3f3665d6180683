/** Zip archives between memory and folders: hostile names refused, permissions kept. */

import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import { type AsyncZippable, unzip, zip } from 'fflate'

/** Unpacked bytes allowed in one archive: artifacts are build outputs, not disk images. */
const SIZE_LIMIT = 4 * 1024 ** 3
const UNIX = 3
/** The kind of file that a symbolic link is, among Unix's. */
const LINK = 0o120000

/** A file to pack: its name in the archive, with forward slashes. */
export interface PackedFile {
  readonly name: string
  readonly content: Uint8Array
  /** Unix permission bits. */
  readonly mode?: number
  /** Whether it is a symbolic link, whose content is where it leads to. */
  readonly link?: boolean
}

/** Gives a zip archive of the files. Errors: an Error for a name that the library would lose. */
export async function pack(files: readonly PackedFile[]): Promise<Uint8Array> {
  const entries: AsyncZippable = {}
  for (const file of files) {
    if (file.name === '__proto__') throw unsafeName(file.name)
    const unix = file.link ? LINK | 0o777 : 0o100000 | (file.mode ?? 0o644)
    const attrs = (unix << 16) >>> 0
    entries[file.name] = [file.content, { os: UNIX, attrs }]
  }
  return promisify((data: AsyncZippable, done: (error: Error | null, zipped: Uint8Array) => void) =>
    zip(data, { level: 6 }, done),
  )(entries)
}

/** Reads files below a folder for packing; `names` are relative to it. */
export async function readFiles(
  folder: string,
  names: readonly { path: string; name: string }[],
): Promise<PackedFile[]> {
  return Promise.all(
    names.map(async ({ path, name }) => {
      const file = join(folder, path)
      const [content, { mode }] = await Promise.all([readFile(file), stat(file)])
      return { name, content, mode: mode & 0o777 }
    }),
  )
}

export interface UnpackedFile {
  readonly content: Uint8Array
  readonly mode: number
  /** Where it leads to, of a symbolic link that stays within the archive. */
  readonly leadsTo?: string
}

/**
 * Gives the archive's files by name; `limit` is in bytes unpacked.
 * Errors: an Error naming what is wrong with the archive.
 */
export async function open(archive: Uint8Array, limit = SIZE_LIMIT): Promise<Map<string, UnpackedFile>> {
  let total = 0
  const entries = await promisify(
    (data: Uint8Array, done: (error: Error | null, files: Record<string, Uint8Array>) => void) =>
      unzip(
        data,
        {
          filter: (file) => {
            // The library keeps the files in a record, where this name would be lost.
            if (file.name === '__proto__') throw unsafeName(file.name)
            total += file.originalSize
            if (total > limit) throw new Error(`the archive unpacks to more than ${limit} bytes`)
            return true
          },
        },
        done,
      ),
  )(archive)
  const modes = permissions(archive)
  const files = new Map<string, UnpackedFile>()
  for (const [name, content] of Object.entries(entries)) {
    if (name.endsWith('/')) continue
    refuseEscape(name)
    const mode = modes.get(name) ?? 0o644
    const leadsTo = (mode & 0o170000) === LINK ? linkWithin(name, content) : undefined
    files.set(name, { content, mode: mode & 0o777 || 0o644, leadsTo })
  }
  return files
}

/**
 * Unpacks an archive into a folder; `limit` is in bytes unpacked.
 * Errors: an Error when an entry would land outside of it; nothing is written then.
 */
export async function unpack(archive: Uint8Array, folder: string, limit = SIZE_LIMIT): Promise<void> {
  const files = await open(archive, limit)
  await mkdir(folder, { recursive: true })
  for (const [name, { content, mode, leadsTo }] of files) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    if (leadsTo !== undefined) continue
    await writeFile(path, content)
    if (mode !== 0o644) await chmod(path, mode)
  }
  // Last, so that no file is written through a link.
  for (const [name, { leadsTo }] of files)
    if (leadsTo !== undefined) await symlink(leadsTo, join(folder, name))
}

/**
 * Gives where a link leads to, if that is surely within the archive: steps up come first, from a folder that is no link
 * itself, and are fewer than the folders it lies in.
 */
function linkWithin(name: string, content: Uint8Array): string | undefined {
  const target = Buffer.from(content).toString()
  const steps = target.split('/')
  const up = steps.findIndex((step) => step !== '..')
  const isPlain = target.length > 0 && !/[\\\0]/.test(target) && !target.startsWith('/')
  if (!isPlain || up < 0 || steps.slice(up).includes('..')) return undefined
  const lies = normalize(name).split('/').length - 1
  return up <= lies ? target : undefined
}

function refuseEscape(name: string): void {
  const parts = name.split(/[/\\]/)
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name) || parts.includes('..') || name.includes('\0'))
    throw unsafeName(name)
}

const unsafeName = (name: string): Error =>
  new Error(`the archive holds a file with the unsafe name "${name}"`)

/**
 * Permission bits from the central directory, which the zip library does not hand out.
 * Symbolic links that may lead outside are unpacked as plain files that hold the link's text.
 */
function permissions(archive: Uint8Array): Map<string, number> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  const modes = new Map<string, number>()
  let end = archive.length - 22
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--
  if (end < 0) return modes
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  for (let index = 0; index < count && at + 46 <= archive.length; index++) {
    if (view.getUint32(at, true) !== 0x02014b50) break
    const nameLength = view.getUint16(at + 28, true)
    const name = Buffer.from(archive.subarray(at + 46, at + 46 + nameLength)).toString()
    const attributes = view.getUint32(at + 38, true)
    if (view.getUint8(at + 5) === UNIX && attributes >>> 16) modes.set(name, attributes >>> 16)
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return modes
}
