/** Fetching a build's sources into folders, as the project's role. */

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ProjectSource } from '@aws-sdk/client-codebuild'
import { setEntry } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { unpack } from '../../../machine/archive.ts'
import { cloneReference } from './clone-source.ts'

/** `bucket/key` taken apart. */
export function splitLocation(location: string): { bucket: string; key: string } {
  const slash = location.indexOf('/')
  return { bucket: location.slice(0, slash), key: location.slice(slash + 1) }
}

/**
 * Puts the primary source into `<folder>/src` and each secondary one into a folder of its own; gives those by name.
 * Errors: S3's AwsError, or an Error when the archive is no zip.
 */
export async function fetchSources(
  ctx: Context,
  identity: Identity,
  folder: string,
  sources: { primary?: ProjectSource; version?: string; secondary: readonly ProjectSource[] },
): Promise<Record<string, string>> {
  await mkdir(join(folder, 'src'), { recursive: true })
  if (sources.primary) await fetchOne(ctx, identity, sources.primary, join(folder, 'src'), sources.version)
  const folders: Record<string, string> = {}
  for (const source of sources.secondary) {
    const id = source.sourceIdentifier ?? ''
    if (!/^[A-Za-z0-9_]+$/.test(id)) throw new Error(`the source identifier "${id}" is not allowed`)
    const target = join(folder, `src-${id}`)
    setEntry(folders, id, target)
    await fetchOne(ctx, identity, source, target)
  }
  return folders
}

async function fetchOne(
  ctx: Context,
  identity: Identity,
  source: ProjectSource,
  folder: string,
  version?: string,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  if (source.type === 'NO_SOURCE' || !source.location) return
  const { bucket: Bucket, key: Key } = splitLocation(source.location.replace(/^arn:[^:]+:s3:::/, ''))
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
