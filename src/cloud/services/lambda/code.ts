/** Function code: archives kept by their hash, and unpacked once for all versions that share them. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { AwsError } from '../../../model/index.ts'
import { open, pack, unpack } from '../../archive.ts'
import type { Cloud } from '../../cloud.ts'
import type { Context } from '../../context.ts'
import { versions } from './state.ts'

/** AWS: bytes of an archive sent with the request, and of everything in it unpacked. */
const ZIP_LIMIT = 50 * 1024 ** 2
const UNPACKED_LIMIT = 262_144_000

export interface CodeInput {
  readonly ZipFile?: Uint8Array
  readonly S3Bucket?: string
  readonly S3Key?: string
  readonly S3ObjectVersion?: string
}

export interface StoredCode {
  readonly codeSha256: string
  readonly codeSize: number
}

const folder = (cloud: Cloud): string => join(cloud.folder, 'lambda')
const fileName = (codeSha256: string): string => Buffer.from(codeSha256, 'base64').toString('hex')
const archivePath = (cloud: Cloud, codeSha256: string): string =>
  join(folder(cloud), `${fileName(codeSha256)}.zip`)

/** Where a version's code lies unpacked. */
export const codeFolder = (cloud: Cloud, codeSha256: string): string =>
  join(folder(cloud), 'code', fileName(codeSha256))

const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, { fields: { Type: 'User' } })

/**
 * Takes the code of a request in: checks the archive and keeps it.
 * AWS: an archive in S3 is read with the caller's permissions.
 * Errors: InvalidParameterValueException, AccessDeniedException, RequestEntityTooLargeException.
 */
export async function storeCode(ctx: Context, code: CodeInput, dryRun = false): Promise<StoredCode> {
  const archive = await archiveOf(ctx, code)
  const files = await open(archive, UNPACKED_LIMIT).catch((error: Error) => {
    if (error.message.includes('unpacks to more'))
      throw invalid(`Unzipped size must be smaller than ${UNPACKED_LIMIT} bytes`)
    throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.')
  })
  if (!files.size) throw invalid('Uploaded file must be a non-empty zip')
  const codeSha256 = createHash('sha256').update(archive).digest('base64')
  const path = archivePath(ctx.cloud, codeSha256)
  if (!dryRun && !existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(`${path}.${ctx.cloud.ids.lower(8)}`, archive)
    await rename(await lastWritten(path, archive, ctx), path)
  }
  return { codeSha256, codeSize: archive.byteLength }
}
