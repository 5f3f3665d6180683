/** The SDK that Node runtimes bring along on AWS: here that of the application or folder that the cloud was started in. */
import { lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Cloud, part } from '../../../kernel/cloud.ts'

/** AWS: runtimes from Node 18 on have version 3, all clients of it; those before had version 2 (lambda-nodejs page). */
const SCOPES = ['@aws-sdk', '@smithy']
const VERSION_2 = 'aws-sdk'

/** The packages that were linked last, so that they are linked anew only when there are others. */
const linked = part({ name: 'the SDK of functions', make: () => ({ packages: '' }) })

const home = (cloud: Cloud): string => join(cloud.folder, 'lambda')

/** Where functions of the runtimes with version 2 look for it: beside none of the others' code. */
const versionTwoFolder = (cloud: Cloud): string => join(home(cloud), 'sdk-2')

/** What `NODE_PATH` has besides the function's own folder. */
export const sdkPath = (cloud: Cloud, runtime: string): readonly string[] =>
  runtime === 'nodejs16.x' ? [versionTwoFolder(cloud)] : []

/** Puts the SDK where the code of functions finds it: above their folders. What is installed later is found by the next process. */
export function linkSdk(cloud: Cloud, startedIn = process.cwd()): void {
  const found = packagesIn(nodeModules(startedIn))
  const state = cloud.part(linked)
  const packages = JSON.stringify([...found])
  if (state.packages === packages) return
  state.packages = packages
  for (const [name, target] of found) {
    const folder = name === VERSION_2 ? versionTwoFolder(cloud) : join(home(cloud), 'code', 'node_modules')
    link(join(folder, name), target)
  }
}

/** The nearest first: of the folder that the cloud was started in, and of the application that has it as a package. */
function nodeModules(startedIn: string): string[] {
  const upwards = (from: string): string[] => {
    const above = dirname(from)
    return [join(from, 'node_modules'), ...(above === from ? [] : upwards(above))]
  }
  return [...new Set([...upwards(startedIn), ...upwards(import.meta.dirname)])]
}

function packagesIn(folders: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const folder of folders) {
    const names = SCOPES.flatMap((scope) => namesIn(join(folder, scope)).map((name) => `${scope}/${name}`))
    for (const name of [...names, ...(namesIn(join(folder, VERSION_2)).length ? [VERSION_2] : [])])
      if (!found.has(name)) found.set(name, resolve(folder, name))
  }
  return found
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'))
  } catch {
    return []
  }
}

function link(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there?.isSymbolicLink() && readlinkSync(path) === target) return
  rmSync(path, { recursive: true, force: true })
  symlinkSync(target, path, 'dir')
}
