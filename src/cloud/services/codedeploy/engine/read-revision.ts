/** Reading the AppSpec of a deployment. */
import type { EcsSpec, LambdaSpec } from '../state.ts'
import { readAppSpec } from './app-spec.ts'
import { AppSpecError } from './app-spec-fields.ts'
import { DeploymentFailure } from './failure.ts'
import { contentOf } from './revision-location.ts'
import type { Run } from './run.ts'

const S3 = { title: 'AmazonS3', code: 'REVISION_MISSING' } as const

/** AWS: an object is read with the group's role. Errors: DeploymentFailure. */
export async function readRevision(run: Run): Promise<LambdaSpec | EcsSpec> {
  const { revision, platform } = run.deployment
  const text = contentOf(revision) ?? (await objectText(run))
  try {
    return readAppSpec(text, platform)
  } catch (error) {
    throw error instanceof AppSpecError ? new DeploymentFailure('INVALID_REVISION', error.message) : error
  }
}

async function objectText(run: Run): Promise<string> {
  const { bucket = '', key = '', version, eTag } = run.deployment.revision.s3Location ?? {}
  const input = { Bucket: bucket, Key: key, VersionId: version, IfMatch: eTag }
  const { Body } = await run.call('s3', 'GetObject', input, S3)
  const chunks: Uint8Array[] = []
  for await (const chunk of Body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
