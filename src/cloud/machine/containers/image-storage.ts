/** Where a build's images are stored, and how that is let go of. */
import { mkdir, readlink, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { RUNROOT, shortFolder } from './short-folder.ts'
import { unmountBelow } from './unmount-below.ts'

export interface ImageStorage {
  readonly root: string
  /** What is kept only while an engine works. */
  readonly runroot: string
}

/** Makes the storage of a build in its folder. */
export async function makeImageStorage(folder: string): Promise<ImageStorage> {
  const [root, runroot] = [join(folder, 'images', 's'), join(folder, 'images', 'r')]
  await mkdir(root, { recursive: true })
  if (runroot.length <= RUNROOT) return { root, runroot }
  const elsewhere = await shortFolder('crossdock-r-')
  await symlink(elsewhere, runroot)
  return { root, runroot: elsewhere }
}

/** Unmounts what engines have mounted in a storage, so that the folder can be removed. */
export async function freeImageStorage(folder: string): Promise<void> {
  await unmountBelow(folder)
  const elsewhere = await readlink(join(folder, 'images', 'r')).catch(() => undefined)
  if (!elsewhere) return
  await unmountBelow(elsewhere)
  await rm(elsewhere, { recursive: true, force: true })
}
