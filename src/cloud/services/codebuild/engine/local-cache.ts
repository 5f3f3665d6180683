/** A project's cache on this machine: directories of the buildspec's paths, kept from build to build. */
import { existsSync } from 'node:fs'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProjectCache } from '@aws-sdk/client-codebuild'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'

/** Where a project's directories are kept. */
const folderOf = (
  { cloud, account, region }: Pick<Context, 'cloud' | 'account' | 'region'>,
  project: string,
) => join(cloud.folder, 'codebuild-caches', account, region, project)

/**
 * Whether directories are kept. AWS: LOCAL_CUSTOM_CACHE; the modes for sources and layers change nothing of a build's
 * outcome, and here repositories and docker's layers are on this machine anyway.
 */
export const keepsDirectories = (cache: ProjectCache | undefined): boolean =>
  cache?.type === 'LOCAL' && (cache.modes?.includes('LOCAL_CUSTOM_CACHE') ?? false)

/** AWS: "Only directories can be specified for caching"; a pattern for all that is in one is the directory. */
const directoryIn = (path: string): string => path.replace(/^\.\//, '').replace(/(?:\/\*+)*\/?$/, '')

/** Those within the source; others stay where they are, and the next build finds them there. */
const directoriesOf = (paths: readonly string[]): string[] =>
  [...new Set(paths.map(directoryIn))].filter(
    (path) => path !== '' && !/^[/~$]|[*?]/.test(path) && !path.split('/').includes('..'),
  )

/** Puts what was kept into the source. AWS: it overrides files of the source. Gives the directories. */
export async function restoreDirectories(
  ctx: Context,
  project: string,
  paths: readonly string[],
  source: string,
): Promise<string[]> {
  const from = folderOf(ctx, project)
  const kept = directoriesOf(paths).filter((path) => existsSync(join(from, path)))
  for (const path of kept)
    await cp(join(from, path), join(source, path), { recursive: true, verbatimSymlinks: true })
  return kept
}

/** Keeps the directories as they are now, in the place of those before. Gives them. */
export async function keepDirectories(
  ctx: Context,
  project: string,
  paths: readonly string[],
  source: string,
): Promise<string[]> {
  const to = folderOf(ctx, project)
  const made = `${to}.${ctx.cloud.ids.uuid()}`
  const kept = directoriesOf(paths).filter((path) => existsSync(join(source, path)))
  await mkdir(made, { recursive: true, mode: 0o700 })
  for (const path of kept)
    await cp(join(source, path), join(made, path), { recursive: true, verbatimSymlinks: true })
  await rm(to, { recursive: true, force: true })
  await rename(made, to)
  return kept
}

/** Forgets what was kept for a project. */
export const forgetDirectories = (
  ctx: { readonly cloud: Cloud; account: string; region: string },
  project: string,
) => rm(folderOf(ctx, project), { recursive: true, force: true })
