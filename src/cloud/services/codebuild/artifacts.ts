/** Choosing the files of an artifact by the buildspec's patterns, and packing them. */
import { readdir } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import picomatch from 'picomatch'
import { pack, readFiles } from '../../archive.ts'
import type { BuildspecArtifacts } from './buildspec.ts'

/**
 * Gives the zip of an artifact's files. Errors: an Error in CodeBuild's words when nothing matches.
 * AWS: patterns are relative to CODEBUILD_SRC_DIR or base-directory; a directory's name alone takes nothing.
 */
export async function packArtifacts(
  sourceFolder: string,
  artifacts: BuildspecArtifacts,
): Promise<Uint8Array> {
  const base = await baseFolder(sourceFolder, artifacts.baseDirectory)
  const included = picomatch(artifacts.files.map(normalized), { dot: true })
  const excluded = artifacts.excludePaths.length
    ? picomatch(artifacts.excludePaths.map(normalized), { dot: true })
    : () => false
  const chosen = (await filesBelow(base)).filter((path) => included(path) && !excluded(path))
  if (!chosen.length)
    throw new Error(`no matching artifact paths found: No matching files in ${artifacts.files.join(', ')}`)
  const names = chosen.map((path) => ({ path, name: artifacts.discardPaths ? basename(path) : path }))
  return pack(await readFiles(base, names))
}

const normalized = (pattern: string): string => pattern.replace(/^\.\//, '')

/** AWS: base-directory may itself be a pattern; the first match in name order is taken here. */
async function baseFolder(sourceFolder: string, baseDirectory: string | undefined): Promise<string> {
  if (!baseDirectory) return sourceFolder
  const wanted = normalized(baseDirectory).replace(/\/$/, '')
  if (!/[*?[{]/.test(wanted)) {
    const folder = join(sourceFolder, wanted)
    if (relative(sourceFolder, folder).startsWith('..'))
      throw new Error(`the artifacts' base-directory "${baseDirectory}" lies outside of the source folder`)
    return folder
  }
  const matches = picomatch(wanted, { dot: true })
  const folders = (await readdir(sourceFolder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => slashed(relative(sourceFolder, join(entry.parentPath, entry.name))))
    .filter((path) => matches(path))
    .sort()
  return join(sourceFolder, folders[0] ?? wanted)
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => slashed(relative(folder, join(entry.parentPath, entry.name))))
    .sort()
}

const slashed = (path: string): string => path.split(sep).join('/')
