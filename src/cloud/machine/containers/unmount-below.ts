/** Lets go of what engines have mounted in a folder that is to be removed. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'

/** Unmounts everything in a folder, the innermost first; what cannot be is left. */
export async function unmountBelow(folder: string): Promise<void> {
  if (!existsSync('/proc/self/mounts')) return
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(`${folder}/`))
  for (const point of points.reverse()) await promisify(execFile)('umount', [point]).catch(() => undefined)
}
