/** Unpacks the layers of an image into a folder: whatever they hold, nothing is written outside of it. */
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, lchown, link, lstat, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { ContainerFailure } from './container-failure.ts'
import { readTar, type TarEntry } from './tar.ts'

/** Bytes that an image may unpack to. */
const LIMIT = 16 * 1024 ** 3
/** Links that lead to links. Linux: 40. */
const LINKS = 40

/** What a layer writes to say that something of the layers below is gone, or all of a folder. */
const GONE = '.wh.'
const ALL_GONE = '.wh..wh..opq'

interface LayerFile {
  readonly path: string
  readonly mediaType?: string
}

/**
 * Unpacks layers over each other, and gives the names of what is left out: devices, with which a container could reach
 * this machine's disks. Owners are kept where this process may set them.
 * Errors: ContainerFailure naming what is wrong with a layer.
 */
export async function unpackLayers(layers: readonly LayerFile[], root: string): Promise<string[]> {
  await mkdir(root, { recursive: true, mode: 0o755 })
  const state = { left: [] as string[], bytes: 0, folders: new Map<string, number>() }
  for (const [index, layer] of layers.entries())
    try {
      await readTar(opened(layer), (entry, content) => unpackEntry(root, entry, content, state))
    } catch (error) {
      throw new ContainerFailure(`layer ${index + 1} of the image: ${(error as Error).message}`)
    }
  // Last, and the innermost first: a folder that nobody may write to is filled before.
  for (const [path, mode] of [...state.folders].reverse()) await chmod(path, mode).catch(() => undefined)
  return state.left
}

function opened({ path, mediaType = '' }: LayerFile): AsyncIterable<Uint8Array> {
  if (/[.+]zstd$/.test(mediaType))
    throw new ContainerFailure('it is compressed with zstd, which is not supported: push it with gzip')
  const file = createReadStream(path)
  if (!/[.+]gzip$/.test(mediaType)) return file
  const unzipped = createGunzip()
  pipeline(file, unzipped).catch((error) => unzipped.destroy(error))
  return unzipped
}

interface State {
  readonly left: string[]
  bytes: number
  readonly folders: Map<string, number>
}

async function unpackEntry(
  root: string,
  entry: TarEntry,
  content: AsyncIterable<Uint8Array>,
  state: State,
): Promise<void> {
  state.bytes += entry.size
  if (state.bytes > LIMIT) throw new Error(`it unpacks to more than ${LIMIT} bytes`)
  const parts = partsOf(entry.name)
  const name = parts.at(-1)
  if (name === undefined) return
  const parent = await within(root, parts.slice(0, -1), true)
  if (name === ALL_GONE) {
    for (const below of await readdir(parent)) await remove(join(parent, below), state)
    return
  }
  if (name.startsWith(GONE)) return remove(join(parent, name.slice(GONE.length)), state)
  if (entry.type === 'device' || entry.type === 'pipe') return void state.left.push(entry.name)
  await place(root, join(parent, name), entry, content, state)
}

/** Errors: an Error for a name that leads up. */
function partsOf(name: string): string[] {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..') || name.includes('\0')) throw new Error(`it holds the unsafe name "${name}"`)
  return parts
}

async function remove(path: string, { folders }: State): Promise<void> {
  await rm(path, { recursive: true, force: true })
  for (const folder of folders.keys())
    if (folder === path || folder.startsWith(`${path}/`)) folders.delete(folder)
}

/**
 * Gives where a path lies below the root, links followed as a process would follow them whose root it is. What is not
 * there is made where `make` says so.
 */
async function within(root: string, path: readonly string[], make = false): Promise<string> {
  const open = [...path]
  const at: string[] = []
  for (let links = 0; open.length; ) {
    const part = open.shift()!
    if (part === '..') at.pop()
    else if (part !== '.' && part !== '') {
      const here = join(root, ...at, part)
      const found = await lstat(here).catch(() => undefined)
      if (found?.isSymbolicLink()) {
        if (++links > LINKS) throw new Error('it holds links that lead in a circle')
        const target = await readlink(here)
        if (target.startsWith('/')) at.length = 0
        open.unshift(...target.split('/'))
      } else {
        if (!found && make) await mkdir(here, { mode: 0o755 })
        else if (found && !found.isDirectory() && open.length)
          throw new Error(`it holds a file where a folder is meant: ${part}`)
        at.push(part)
      }
    }
  }
  return join(root, ...at)
}

async function place(
  root: string,
  path: string,
  entry: TarEntry,
  content: AsyncIterable<Uint8Array>,
  state: State,
): Promise<void> {
  const before = await lstat(path).catch(() => undefined)
  const stays = entry.type === 'folder' && before?.isDirectory()
  if (before && !stays) await remove(path, state)
  if (entry.type === 'hard link') {
    const parts = partsOf(entry.leadsTo)
    // Its own last part is not followed: a link to a link is one.
    return link(join(await within(root, parts.slice(0, -1)), parts.at(-1) ?? ''), path)
  }
  if (entry.type === 'link') await symlink(entry.leadsTo, path)
  else if (entry.type === 'file')
    await pipeline(Readable.from(content), createWriteStream(path, { flags: 'wx', mode: 0o600 }))
  else if (!stays) await mkdir(path, { mode: 0o700 })
  if (process.getuid?.() === 0) await lchown(path, entry.uid, entry.gid)
  if (entry.type === 'folder') state.folders.set(path, entry.mode)
  else if (entry.type === 'file') await chmod(path, entry.mode)
}

/** Gives a file of an unpacked image as its own processes would find it; undefined where it is none. */
export async function findWithin(root: string, path: string): Promise<string | undefined> {
  const found = await within(root, dirname(path).split('/')).catch(() => undefined)
  if (!found) return undefined
  const file = join(found, basename(path))
  return (await lstat(file).catch(() => undefined))?.isFile() ? file : undefined
}

/** Makes a folder of an unpacked image where it is missing. Errors: ContainerFailure. */
export async function folderWithin(root: string, path: string): Promise<void> {
  await within(root, path.split('/'), true).catch((error: Error) => {
    throw new ContainerFailure(`the working directory ${path} cannot be made: ${error.message}`)
  })
}
