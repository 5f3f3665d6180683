/** Choosing the files of an artifact by the buildspec's patterns, and packing them. */

import { readdir, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, normalize, relative, sep } from 'node:path'
import { globPattern } from '../../../../model/index.ts'
import { type PackedFile, pack, readFiles } from '../../../machine/archive.ts'
import type { BuildspecArtifacts, FileChoice } from './buildspec.ts'

/** Gives the zip of an artifact's files. Errors: those of chooseFiles. */
export async function packArtifacts(
  sourceFolder: string,
  artifacts: BuildspecArtifacts,
): Promise<Uint8Array> {
  return pack(await chooseFiles(sourceFolder, artifacts, { links: artifacts.enableSymlinks }))
}

/**
 * Gives an artifact's files. Errors: an Error in CodeBuild's words when nothing matches.
 * AWS: patterns are relative to CODEBUILD_SRC_DIR or base-directory; a directory's name alone takes nothing. Links within
 * the folder are preserved where they are asked for (enable-symlinks), and followed otherwise.
 */
export async function chooseFiles(
  sourceFolder: string,
  artifacts: FileChoice,
  { links = false } = {},
): Promise<PackedFile[]> {
  const { isChosen } = choiceOf(artifacts)
  const files: PackedFile[] = []
  for (const base of await baseFolders(sourceFolder, artifacts.baseDirectory)) {
    const kept = links ? await linksWithin(base) : []
    const linked = new Set(kept.map(({ name }) => name))
    const chosen = (await filesBelow(base)).filter((path) => isChosen(path) && !linked.has(path))
    const names = chosen.map((path) => ({ path, name: artifacts.discardPaths ? basename(path) : path }))
    files.push(...(await readFiles(base, names)), ...kept.filter(({ name }) => isChosen(name)))
  }
  if (files.length) return files
  throw new Error(`no matching artifact paths found: No matching files in ${artifacts.files.join(', ')}`)
}

/** Gives where the chosen files lie, below which folder; none when nothing matches. Errors: those of a bad folder. */
export async function choosePaths(
  sourceFolder: string,
  choice: FileChoice,
): Promise<{ base: string; path: string; name: string }[]> {
  const { isChosen } = choiceOf(choice)
  const found = []
  for (const base of await baseFolders(sourceFolder, choice.baseDirectory))
    for (const path of await filesBelow(base))
      if (isChosen(path)) found.push({ base, path, name: choice.discardPaths ? basename(path) : path })
  return found
}

function choiceOf({ files, excludePaths }: FileChoice): { isChosen: (path: string) => boolean } {
  const included = anyGlob(files)
  const excluded = anyGlob(excludePaths)
  return { isChosen: (path) => included(path) && !excluded(path) }
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
  // AWS: commands may have put it anywhere, and name it from the root on.
  if (isAbsolute(wanted)) return [wanted]
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

/** Links, of files and of folders, that lead to somewhere within the folder. */
async function linksWithin(folder: string): Promise<PackedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const found: PackedFile[] = []
  for (const entry of entries.filter((one) => one.isSymbolicLink())) {
    const path = join(entry.parentPath, entry.name)
    const [root, parent, target] = await Promise.all([
      realpath(folder),
      realpath(dirname(path)),
      readlink(path),
    ])
    const leadsTo = relative(root, normalize(join(parent, target)))
    if (target.startsWith('/') || leadsTo.split(sep)[0] === '..') continue
    found.push({ name: slashed(relative(folder, path)), content: Buffer.from(target), link: true })
  }
  return found
}

const slashed = (path: string): string => path.split(sep).join('/')
