/** Where a build's buildspec comes from: the project itself, a file of the source, or an object in S3. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isTooDeepYaml, yamlDocument } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { PhaseFailure } from './build-run.ts'
import { type Buildspec, BuildspecError, parseBuildspec } from './buildspec.ts'
import { readObject, splitLocation } from './source.ts'

const S3_ARN = /^arn:[^:]+:s3:::([^/]+\/.+)$/

/** Whether a project's buildspec is the buildspec itself. AWS: what is not a YAML mapping is a path or an S3 ARN. */
export function isInline(buildspec: string): boolean {
  if (buildspec.includes('\n') || isTooDeepYaml(buildspec)) return true
  try {
    const parsed = yamlDocument(buildspec, { logLevel: 'silent' })
    if (parsed.errors[0]) throw parsed.errors[0]
    const document: unknown = parsed.toJS()
    return typeof document === 'object' && document !== null && !Array.isArray(document)
  } catch {
    return /[{}]/.test(buildspec)
  }
}

/** Gives the buildspec. Errors: PhaseFailure with YAML_FILE_ERROR, or S3's AwsError. */
export async function readBuildspec(
  ctx: Context,
  identity: Identity,
  sourceFolder: string,
  given: string,
): Promise<Buildspec> {
  const text = await textOf(ctx, identity, sourceFolder, given)
  try {
    return parseBuildspec(text)
  } catch (error) {
    if (error instanceof BuildspecError) throw new PhaseFailure('YAML_FILE_ERROR', error.message)
    throw error
  }
}

async function textOf(
  ctx: Context,
  identity: Identity,
  sourceFolder: string,
  given: string,
): Promise<string> {
  if (given && isInline(given)) return given
  const [, location] = S3_ARN.exec(given) ?? []
  if (location) {
    const { bucket: Bucket, key: Key } = splitLocation(location)
    return (await readObject(ctx, identity, { Bucket, Key })).toString()
  }
  const file = given || 'buildspec.yml'
  if (file.startsWith('/') || file.split('/').includes('..'))
    throw new PhaseFailure('YAML_FILE_ERROR', `the buildspec path "${file}" leads out of the source`)
  return readFile(join(sourceFolder, file), 'utf8').catch(() => {
    throw new PhaseFailure('YAML_FILE_ERROR', `stat ${file}: no such file or directory`)
  })
}
