/** The programs of this machine that run containers, by their full names: a container's PATH is another. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Administrators' programs are in no user's PATH. */
const MORE = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin']

/** Gives the full name of a program; undefined where there is none. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MORE].filter((one) => one.startsWith('/'))
  return folders.map((folder) => join(folder, name)).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Gives the programs, or in words which are missing. */
export function findPrograms<N extends string>(
  ...names: readonly N[]
): { readonly found: Readonly<Record<N, string>> } | { readonly missing: string } {
  const found = names.map((name) => [name, findProgram(name)] as const)
  const missing = found.filter(([, path]) => !path).map(([name]) => name)
  if (missing.length) return { missing: missing.join(', ') }
  return { found: Object.fromEntries(found) as Record<N, string> }
}
