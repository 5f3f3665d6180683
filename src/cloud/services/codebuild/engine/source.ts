/** Fetching a build's sources into folders, as the project's role. */

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ProjectSource, ProjectSourceVersion } from '@aws-sdk/client-codebuild'
import { setEntry } from '../../../../model/index.ts'
import { isRepository } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { unpack } from '../../../machine/archive.ts'
import { cloneReference, fetchRepository, type RepositoryWish } from './git/fetch-source.ts'
import type { FoundVersion } from './git/find-version.ts'

/** `bucket/key` taken apart. */
export function splitLocation(location: string): { bucket: string; key: string } {
  const slash = location.indexOf('/')
  return { bucket: location.slice(0, slash), key: location.slice(slash + 1) }
}

export interface Sources {
  readonly primary?: ProjectSource | undefined
  readonly version?: string | undefined
  /** The commit of the primary source, where it is known already. */
  readonly commit?: string | undefined
  readonly secondary: readonly ProjectSource[]
  readonly versions?: readonly ProjectSourceVersion[] | undefined
}

export interface FetchedSources {
  /** The folder of each secondary source by its name. */
  readonly folders: Readonly<Record<string, string>>
  /** What of the primary source was fetched, where that is a repository. */
  readonly found?: FoundVersion | undefined
}

/**
 * Puts the primary source into `<folder>/src` and each secondary one into a folder of its own.
 * Errors: S3's AwsError, an Error when the archive is no zip, those of `fetchRepository`.
 */
export async function fetchSources(
  ctx: Context,
  identity: Identity,
  folder: string,
  sources: Sources,
): Promise<FetchedSources> {
  await mkdir(join(folder, 'src'), { recursive: true })
  const { primary: source, version, commit: known } = sources
  const found =
    source && (await fetchOne(ctx, identity, { source, version, commit: known }, join(folder, 'src')))
  const folders: Record<string, string> = {}
  for (const one of sources.secondary) {
    const id = one.sourceIdentifier ?? ''
    if (!/^[A-Za-z0-9_]+$/.test(id)) throw new Error(`the source identifier "${id}" is not allowed`)
    const target = join(folder, `src-${id}`)
    setEntry(folders, id, target)
    await fetchOne(ctx, identity, { source: one, version: versionOf(sources, id) }, target)
  }
  return { folders, found }
}

const versionOf = ({ versions = [] }: Sources, id: string): string | undefined =>
  versions.find(({ sourceIdentifier }) => sourceIdentifier === id)?.sourceVersion

/** Gives what was fetched of a source that is a repository. */
async function fetchOne(
  ctx: Context,
  identity: Identity,
  wish: RepositoryWish,
  folder: string,
): Promise<FoundVersion | undefined> {
  await mkdir(folder, { recursive: true })
  const { source, version } = wish
  if (source.type === 'NO_SOURCE' || !source.location) return undefined
  if (isRepository(source)) return fetchRepository(ctx, identity, wish, folder)
  await fetchObject(ctx, identity, source, folder, version)
  return undefined
}

async function fetchObject(
  ctx: Context,
  identity: Identity,
  source: ProjectSource,
  folder: string,
  version?: string,
): Promise<void> {
  const { bucket: Bucket, key: Key } = splitLocation(source.location!.replace(/^arn:[^:]+:s3:::/, ''))
  if (source.type === 'S3' && (Key === '' || Key.endsWith('/')))
    return fetchFolder(ctx, identity, { Bucket, Prefix: Key }, folder)
  const asked = source.type === 'S3' && version ? version : undefined
  const VersionId = source.type === 'CODEPIPELINE' ? await newestVersion(ctx, identity, Bucket, Key) : asked
  const content = await readObject(ctx, identity, { Bucket, Key, VersionId })
  if (source.type === 'CODEPIPELINE' && (await cloneReference(ctx, identity, content, folder))) return
  await unpack(content, folder)
}

/** Gives an object's content. Errors: S3's AwsError. */
export async function readObject(
  ctx: Context,
  identity: Identity,
  object: { Bucket: string; Key: string; VersionId?: string },
): Promise<Buffer> {
  const { Body } = await ctx.call('s3', 'GetObject', object, { as: identity })
  const chunks: Uint8Array[] = []
  for await (const chunk of Body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** AWS: a location that ends in a slash is a folder whose objects are the source's files. */
async function fetchFolder(
  ctx: Context,
  identity: Identity,
  place: { Bucket: string; Prefix: string },
  folder: string,
): Promise<void> {
  let ContinuationToken: string | undefined
  do {
    const page = await ctx.call('s3', 'ListObjectsV2', { ...place, ContinuationToken }, { as: identity })
    for (const { Key = '' } of page.Contents ?? []) {
      const name = Key.slice(place.Prefix.length)
      if (!name || name.endsWith('/')) continue
      if (name.startsWith('/') || name.split('/').includes('..'))
        throw new Error(`the source holds a file with the unsafe name "${name}"`)
      const path = join(folder, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, await readObject(ctx, identity, { Bucket: place.Bucket, Key }))
    }
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken)
}

/** Looks at a pipeline's artifact before it is read; gives its version where the bucket keeps them. */
async function newestVersion(
  ctx: Context,
  identity: Identity,
  Bucket: string,
  Key: string,
): Promise<string | undefined> {
  const { VersionId } = await ctx.call('s3', 'HeadObject', { Bucket, Key }, { as: identity })
  return VersionId && VersionId !== 'null' ? VersionId : undefined
}
