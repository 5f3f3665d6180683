/** Choosing the files of an artifact by the buildspec's patterns, and packing them. */

import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { globPattern } from '../../../../model/index.ts'
import { type PackedFile, pack, readFiles } from '../../../machine/archive.ts'
import type { BuildspecArtifacts } from './buildspec.ts'

/** Gives the zip of an artifact's files. Errors: those of chooseFiles. */
export async function packArtifacts(
  sourceFolder: string,
  artifacts: BuildspecArtifacts,
): Promise<Uint8Array> {
  return pack(await chooseFiles(sourceFolder, artifacts))
}

/**
 * Gives an artifact's files. Errors: an Error in CodeBuild's words when nothing matches.
 * AWS: patterns are relative to CODEBUILD_SRC_DIR or base-directory; a directory's name alone takes nothing.
 */
export async function chooseFiles(
  sourceFolder: string,
  artifacts: BuildspecArtifacts,
): Promise<PackedFile[]> {
  const included = anyGlob(artifacts.files)
  const excluded = anyGlob(artifacts.excludePaths)
  const files: PackedFile[] = []
  for (const base of await baseFolders(sourceFolder, artifacts.baseDirectory)) {
    const chosen = (await filesBelow(base)).filter((path) => included(path) && !excluded(path))
    const names = chosen.map((path) => ({ path, name: artifacts.discardPaths ? basename(path) : path }))
    files.push(...(await readFiles(base, names)))
  }
  if (files.length) return files
  throw new Error(`no matching artifact paths found: No matching files in ${artifacts.files.join(', ')}`)
}

function anyGlob(globs: readonly string[]): (path: string) => boolean {
  const tests = globs.map((glob) => globPattern(normalized(glob)))
  return (path) => tests.some((test) => test(path))
}

const normalized = (pattern: string): string => pattern.replace(/^\.\//, '')

/** AWS: base-directory may be a pattern; every folder that it matches is taken, and none is part of the names. */
async function baseFolders(sourceFolder: string, baseDirectory: string | undefined): Promise<string[]> {
  if (!baseDirectory) return [sourceFolder]
  const wanted = normalized(baseDirectory).replace(/\/$/, '')
  if (!/[*?[{]/.test(wanted)) {
    const folder = join(sourceFolder, wanted)
    if (relative(sourceFolder, folder).startsWith('..'))
      throw new Error(`the artifacts' base-directory "${baseDirectory}" lies outside of the source folder`)
    return [folder]
  }
  const matches = globPattern(wanted)
  return (await readdir(sourceFolder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => slashed(relative(sourceFolder, join(entry.parentPath, entry.name))))
    .filter((path) => matches(path))
    .sort()
    .map((path) => join(sourceFolder, path))
}

/** Files and links to files; a link to a folder is not followed. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = await Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      const linked = entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isFile()
      return entry.isFile() || linked ? [slashed(relative(folder, path))] : []
    }),
  )
  return paths.flat().sort()
}

const slashed = (path: string): string => path.split(sep).join('/')
