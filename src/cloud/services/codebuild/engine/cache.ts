/** A project's cache, in S3 or on this machine: files of the buildspec's paths, brought in before the first command and kept after the last. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ProjectCache } from '@aws-sdk/client-codebuild'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { pack, unpack } from '../../../machine/archive.ts'
import { chooseFiles } from './artifacts.ts'
import type { BuildspecCache } from './buildspec.ts'
import { keepDirectories, keepsDirectories, restoreDirectories } from './local-cache.ts'
import type { BuildLog } from './log.ts'
import type { Shell } from './shell.ts'
import { readObject, splitLocation } from './source.ts'

interface Build {
  readonly ctx: Context
  readonly identity: Identity
  readonly log: BuildLog
  readonly shell: Shell
  /** The source folder, which the paths are relative to. */
  readonly folder: string
  readonly projectName: string
  /** How often the project's cache was reset: what was kept before is another cache. */
  readonly generation?: number | undefined
}

/**
 * The cache of one build. AWS: it is kept as well as can be; what goes wrong with it is told in the log and fails no
 * build, and a buildspec's `cache` does nothing in a project without one.
 */
export class BuildCache {
  private readonly build: Build
  private readonly project: ProjectCache | undefined
  private readonly spec: BuildspecCache | undefined
  private restored: string | undefined

  constructor(build: Build, project: ProjectCache | undefined, spec: BuildspecCache | undefined) {
    this.build = build
    this.project = project
    this.spec = spec
  }

  /** Brings in what was kept under the buildspec's key, or the newest under one of its fallback keys. */
  async restore(): Promise<void> {
    const { log, ctx, projectName, folder } = this.build
    if (keepsDirectories(this.project))
      return this.trying('download', async () => {
        const kept = await restoreDirectories(ctx, projectName, this.spec?.paths ?? [], folder)
        for (const path of kept) log.line(`[Container] Restored the cached directory ${path}`)
      })
    if (this.project?.type !== 'S3') return
    if (!this.paths.length)
      return log.line('[Container] Unable to initialize cache download: no paths specified to be cached')
    if (!this.spec?.restores) return
    await this.trying('download', async () => {
      const wanted = this.keyOf(await this.expanded(this.spec!.key))
      const key = (await this.newest(wanted, true)) ?? (await this.fallback())
      if (!key) return log.line('[Container] No cache was found')
      await unpack(
        await readObject(this.build.ctx, this.build.identity, { Bucket: this.bucket, Key: key }),
        this.build.folder,
      )
      this.restored = key
      log.line(`[Container] Restored the cache s3://${this.bucket}/${key}`)
    })
  }

  /** Keeps the files. AWS: what was kept under a key is not changed any more. */
  async save(): Promise<void> {
    const { log, ctx, projectName, folder } = this.build
    if (keepsDirectories(this.project))
      return this.trying('upload', async () => {
        const kept = await keepDirectories(ctx, projectName, this.spec?.paths ?? [], folder)
        for (const path of kept) log.line(`[Container] Kept the directory ${path}`)
      })
    if (this.project?.type !== 'S3' || !this.paths.length || !this.spec?.saves) return
    await this.trying('upload', async () => {
      const Key = this.keyOf(await this.expanded(this.spec!.key))
      if (this.spec!.key && this.restored === Key) return
      const choice = { files: this.paths, excludePaths: [], discardPaths: false }
      const Body = Buffer.from(await pack(await chooseFiles(this.build.folder, choice, { links: true })))
      await this.build.ctx.call(
        's3',
        'PutObject',
        { Bucket: this.bucket, Key, Body: Body as never },
        { as: this.build.identity },
      )
      this.build.log.line(`[Container] Kept the cache s3://${this.bucket}/${Key}`)
    })
  }

  /** Paths within the source folder; others stay on this machine, where the next build finds them. */
  private get paths(): readonly string[] {
    return (this.spec?.paths ?? []).filter((path) => !/^[/~$]/.test(path))
  }

  private get place(): { bucket: string; key: string } {
    const location = (this.project?.location ?? '').replace(/^arn:[^:]+:s3:::/, '')
    return location.includes('/') ? splitLocation(location) : { bucket: location, key: '' }
  }

  private get bucket(): string {
    return this.place.bucket
  }

  /** AWS: caches of other paths are other caches; a key may be shared within a namespace. */
  private keyOf(key: string): string {
    const version = createHash('sha256').update(this.paths.join('\n')).digest('hex').slice(0, 16)
    const space = this.project?.cacheNamespace ?? this.build.projectName
    const { generation } = this.build
    return join(
      this.place.key,
      space,
      ...(generation ? [`reset-${generation}`] : []),
      version,
      key || 'cache',
    )
  }

  private expanded(text: string | undefined): Promise<string> {
    return text === undefined ? Promise.resolve('') : this.build.shell.expand(text)
  }

  private async fallback(): Promise<string | undefined> {
    for (const text of this.spec?.key ? this.spec.fallbackKeys : []) {
      const found = await this.newest(this.keyOf(await this.expanded(text)), false)
      if (found) return found
    }
    return undefined
  }

  private async newest(Prefix: string, isWhole: boolean): Promise<string | undefined> {
    const options = { as: this.build.identity }
    const { Contents = [] } = await this.build.ctx.call(
      's3',
      'ListObjectsV2',
      { Bucket: this.bucket, Prefix },
      options,
    )
    const time = (one: { LastModified?: Date }) => one.LastModified?.getTime() ?? 0
    const [found] = Contents.filter(({ Key }) => !isWhole || Key === Prefix).sort((a, b) => time(b) - time(a))
    return found?.Key
  }

  private async trying(what: 'download' | 'upload', work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.build.log.line(`[Container] Unable to ${what} the cache: ${(error as Error).message}`)
    }
  }
}
