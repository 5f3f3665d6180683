/** The package's own folder and version, looked up when first asked for. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

let folder: string | undefined
let version: string | undefined

/** Absolute path of the installed package: the nearest folder above this file that holds its package.json. */
export function packageFolder(): string {
  folder ??= find(dirname(fileURLToPath(import.meta.url)))
  return folder
}

export function packageVersion(): string {
  version ??= (JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string })
    .version
  return version
}

function find(at: string): string {
  if (existsSync(join(at, 'package.json'))) return at
  const above = dirname(at)
  if (above === at) throw new Error('the package.json of crossdock is missing')
  return find(above)
}
