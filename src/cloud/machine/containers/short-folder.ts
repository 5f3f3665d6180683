/** Folders for what takes no long names: sockets, and what Podman keeps while it runs. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Characters. Podman: "the specified runroot is longer than 50 characters"; sockets of Linux have room for twice as many. */
export const RUNROOT = 50
const PLACE = 20

/** Makes a folder whose name is short, also where the folder for temporary files has a long one. */
export const shortFolder = (prefix: string): Promise<string> =>
  mkdtemp(join(tmpdir().length <= PLACE ? tmpdir() : '/tmp', prefix))
