/** Makes one artifact of what the builds of a batch made. */
import type { ProjectArtifacts } from '@aws-sdk/client-codebuild'
import { open, type PackedFile, pack } from '../../../../machine/archive.ts'
import { projectKind } from '../../kinds.ts'
import { codeBuildIdentity } from '../provision.ts'
import { readObject, splitLocation } from '../source.ts'
import type { BatchRun } from './batch-run.ts'
import type { StartBatchInput } from './new-batch.ts'

/** Where a build puts its part: beside the whole, under its own name. */
export function partOf(run: BatchRun, identifier: string): ProjectArtifacts {
  const { bucket, key } = placeOf(run)
  return run.batch.source?.type === 'CODEPIPELINE'
    ? { type: 'CODEPIPELINE', location: `${bucket}/${key}/${identifier}` }
    : { type: 'S3', location: bucket, path: key, name: identifier, packaging: 'ZIP' }
}

function placeOf({ batch, ctx }: BatchRun): { bucket: string; key: string } {
  const project = projectKind.find(ctx, batch.projectName)
  const target = ((batch.input as StartBatchInput).artifactsOverride ?? project.artifacts) as ProjectArtifacts
  const location = (target.location ?? '').replace(/^arn:[^:]+:s3:::/, '')
  if (target.type === 'CODEPIPELINE') return splitLocation(location)
  const id = target.namespaceType === 'BUILD_ID' ? batch.id.split(':')[1] : undefined
  const key = [target.path, id, target.name ?? batch.projectName].filter(Boolean).join('/')
  return { bucket: location, key }
}

/**
 * Puts the primary artifacts of all builds into one archive, as the builds' role. AWS: "CodeBuild will combine the
 * primary artifacts of all the builds into one single ZIP file"; of a name that several have, the last build's is there.
 */
export async function combineArtifacts(run: BatchRun): Promise<void> {
  const { ctx, batch } = run
  if (!batch.buildBatchConfig?.combineArtifacts) return
  const { bucket: Bucket, key: Key } = placeOf(run)
  const parts = batch.buildGroups.flatMap(({ identifier = '', currentBuildSummary: summary }) => {
    const hasPart = summary?.primaryArtifact?.type !== ('no_artifacts' as string)
    return hasPart && summary?.buildStatus === 'SUCCEEDED' ? [`${Key}/${identifier}`] : []
  })
  if (!parts.length) return
  const by = codeBuildIdentity(projectKind.find(ctx, batch.projectName).arn, ctx.account)
  const sessionName = `AWSCodeBuild-${batch.id.split(':')[1]}`
  const { identity } = await ctx.assumeRole(batch.serviceRole ?? '', {
    by,
    sessionName,
    durationSeconds: 3600,
  })
  const files = new Map<string, PackedFile>()
  for (const part of parts)
    for (const [name, file] of await open(await readObject(ctx, identity, { Bucket, Key: part })))
      files.set(name, { name, ...file, link: file.leadsTo !== undefined })
  const Body = Buffer.from(await pack([...files.values()])) as never
  const encryption = {
    ServerSideEncryption: 'aws:kms' as const,
    SSEKMSKeyId: batch.encryptionKey || undefined,
  }
  await ctx.call(
    's3',
    'PutObject',
    { Bucket, Key, Body, ContentType: 'application/zip', ...encryption },
    { as: identity },
  )
  run.change({ artifacts: { location: `arn:aws:s3:::${Bucket}/${Key}` } })
}
