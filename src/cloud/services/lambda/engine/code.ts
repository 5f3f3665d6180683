/** Function code: archives kept by their hash, and unpacked once for all versions that share them. */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AwsError } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { pack, unpack } from '../../../machine/archive.ts'
import { closeToOthers } from '../../../machine/private-files.ts'
import { layerVersions, versions } from '../state.ts'

/** AWS: bytes of an archive sent with the request, and of everything in it unpacked. */
const ZIP_LIMIT = 50 * 1024 ** 2
export const UNPACKED_LIMIT = 262_144_000

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

/** Where a version's code lies unpacked, or a layer's. */
export const codeFolder = (cloud: Cloud, codeSha256: string): string =>
  join(folder(cloud), 'code', fileName(codeSha256))

/** Gives how many bytes all files of an archive have that was taken in. */
export const unpackedSize = (cloud: Cloud, codeSha256: string): number =>
  readdirSync(codeFolder(cloud, codeSha256), { recursive: true, encoding: 'utf8' })
    .map((name) => lstatSync(join(codeFolder(cloud, codeSha256), name)))
    .reduce((sum, one) => sum + (one.isFile() ? one.size : 0), 0)

const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, { fields: { Type: 'User' } })

/**
 * Takes the code of a request in: reads the archive, unpacks it, keeps both. With `dryRun` it is only checked.
 * AWS: an archive in S3 is read with the caller's permissions.
 * Errors: InvalidParameterValueException, AccessDeniedException, RequestEntityTooLargeException.
 */
export async function storeCode(ctx: Context, code: CodeInput, dryRun = false): Promise<StoredCode> {
  const archive = await archiveOf(ctx, code)
  const codeSha256 = createHash('sha256').update(archive).digest('base64')
  const stored = { codeSha256, codeSize: archive.byteLength }
  const { cloud } = ctx
  const target = codeFolder(cloud, codeSha256)
  if (existsSync(target)) return stored
  const unpacked = `${target}.${cloud.ids.lower(8)}`
  const packed = `${unpacked}.zip`
  try {
    mkdirSync(dirname(unpacked), { recursive: true, mode: 0o700 })
    await unpack(archive, unpacked, UNPACKED_LIMIT).catch(refuse)
    // What may be run stays so; nobody else may read it.
    closeToOthers(unpacked)
    if (readdirSync(unpacked).length === 0) throw invalid('Uploaded file must be a non-empty zip')
    if (dryRun) return stored
    await writeFile(packed, archive, { mode: 0o600 })
    await rename(packed, archivePath(cloud, codeSha256))
    await rename(unpacked, target).catch((error) => {
      // Another request with the same code was faster.
      if (!existsSync(target)) throw error
    })
    return stored
  } finally {
    for (const path of [unpacked, packed]) await rm(path, { recursive: true, force: true })
  }
}

/** Errors: InvalidParameterValueException, for what unpacking an archive went wrong with. */
function refuse({ message }: Error): never {
  if (message.includes('unpacks to more'))
    throw invalid(`Unzipped size must be smaller than ${UNPACKED_LIMIT} bytes`)
  throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.')
}

async function archiveOf(ctx: Context, code: CodeInput): Promise<Uint8Array> {
  const { ZipFile, S3Bucket, S3Key } = code
  if (ZipFile && (S3Bucket || S3Key))
    throw invalid('Please do not provide other FunctionCode parameters when providing a ZipFile.')
  if (ZipFile) {
    if (ZipFile.byteLength > ZIP_LIMIT)
      throw new AwsError(
        'RequestEntityTooLargeException',
        `Request must be smaller than ${ZIP_LIMIT} bytes for the CreateFunction operation`,
      )
    return ZipFile
  }
  if (!S3Bucket || !S3Key) throw invalid('Please provide a source for function code.')
  return fetchFromS3(ctx, S3Bucket, S3Key, code.S3ObjectVersion)
}

async function fetchFromS3(
  ctx: Context,
  Bucket: string,
  Key: string,
  VersionId?: string,
): Promise<Uint8Array> {
  try {
    const { Body } = await ctx.call('s3', 'GetObject', { Bucket, Key, VersionId })
    const chunks: Uint8Array[] = []
    for await (const chunk of Body as AsyncIterable<Uint8Array>) chunks.push(chunk)
    return Buffer.concat(chunks)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (error.code === 'AccessDenied')
      throw new AwsError(
        'AccessDeniedException',
        'Your access has been denied by S3, please make sure your request credentials have permission to GetObject ' +
          `for ${Bucket}/${Key}. S3 Error Code: AccessDenied. S3 Error Message: ${error.message}`,
        { status: 403 },
      )
    throw invalid(
      `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    )
  }
}

/** Gives a version's archive. */
export const readArchive = (cloud: Cloud, codeSha256: string): Promise<Buffer> =>
  readFile(archivePath(cloud, codeSha256))

/**
 * Removes code that no version of any function or layer uses any more, once that is committed: after a kill before, the versions
 * that are there still find theirs.
 */
export function dropUnusedCode(ctx: Context, codeSha256: string): void {
  ctx.spawn('drop code', async ({ cloud }) => {
    await cloud.store.flush()
    if (isUsed(cloud, codeSha256)) return
    rmSync(archivePath(cloud, codeSha256), { force: true })
    rmSync(codeFolder(cloud, codeSha256), { recursive: true, force: true })
  })
}

function isUsed({ store }: Cloud, codeSha256: string): boolean {
  const has = (one: { readonly codeSha256: string }) => one.codeSha256 === codeSha256
  return (
    store
      .everywhere(versions)
      .some(({ table }) => table.values().some((one) => has(one) || one.layers?.some(has))) ||
    store.everywhere(layerVersions).some(({ table }) => table.values().some(has))
  )
}

/**
 * Packs inline code as CloudFormation does: one file named `index`, and the module for custom resources beside it where
 * the code speaks of it.
 */
export async function packInline(runtime: string, source: string): Promise<Uint8Array> {
  const python = runtime.startsWith('python')
  const [own, module, file] = python
    ? ['index.py', 'cfnresponse.py', 'cfnresponse.py']
    : ['index.js', 'cfn-response.js', 'cfn-response.cjs']
  const files = [{ name: own, content: Buffer.from(source) }]
  if (source.includes(module.slice(0, module.indexOf('.'))))
    files.push({ name: module, content: await readFile(new URL(`./runtime/${file}`, import.meta.url)) })
  return pack(files)
}
