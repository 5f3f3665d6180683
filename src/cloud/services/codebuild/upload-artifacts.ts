/** Packs a build's artifacts and puts them where the project or the pipeline wants them. */
import type { ProjectArtifacts } from '@aws-sdk/client-codebuild'
import type { Context } from '../../context.ts'
import type { Identity } from '../../identity.ts'
import { packArtifacts } from './artifacts.ts'
import type { Buildspec, BuildspecArtifacts } from './buildspec.ts'
import { splitLocation } from './source.ts'
import type { StoredBuild } from './state.ts'

interface Upload {
  readonly target: ProjectArtifacts & { location?: string }
  readonly section: BuildspecArtifacts
}

/**
 * Uploads every artifact as the project's role, encrypted with the project's own key.
 * AWS: CodeBuild ignores the pipeline's key; a project without one uses the account's aws/s3 key, which no other
 * account can use.
 */
export async function uploadArtifacts(
  ctx: Context,
  identity: Identity,
  sourceFolder: string,
  build: StoredBuild,
  buildspec: Buildspec,
): Promise<void> {
  for (const { target, section } of uploads(build, buildspec)) {
    const content = await packArtifacts(sourceFolder, section)
    const { bucket: Bucket, key: Key } = objectOf(target, build, section)
    await ctx.call(
      's3',
      'PutObject',
      {
        Bucket,
        Key,
        Body: Buffer.from(content) as never,
        ContentType: 'application/zip',
        Metadata: { 'codebuild-buildarn': build.arn },
        ...encryption(build, target),
      },
      { as: identity },
    )
  }
}

const encryption = (build: StoredBuild, target: ProjectArtifacts) =>
  target.encryptionDisabled
    ? {}
    : { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: build.encryptionKey || undefined }

/** Pairs targets with buildspec sections. AWS: with one output the top section is it; more are all secondary-artifacts. */
function uploads(build: StoredBuild, buildspec: Buildspec): Upload[] {
  const primary = build.artifacts as ProjectArtifacts | undefined
  const secondary = (build.secondaryArtifacts ?? []) as ProjectArtifacts[]
  const result: Upload[] = []
  if (primary && primary.type !== 'NO_ARTIFACTS') {
    if (!buildspec.artifacts)
      throw new Error('the buildspec has no artifacts section for the primary artifact')
    result.push({ target: primary, section: buildspec.artifacts })
  }
  for (const target of secondary) {
    const section = buildspec.secondaryArtifacts[target.artifactIdentifier ?? '']
    if (!section)
      throw new Error(`the buildspec has no secondary-artifacts section "${target.artifactIdentifier}"`)
    result.push({ target, section })
  }
  return result
}

function objectOf(
  target: ProjectArtifacts,
  build: StoredBuild,
  section: BuildspecArtifacts,
): { bucket: string; key: string } {
  if (target.type === 'CODEPIPELINE') return splitLocation(target.location ?? '')
  const id = target.namespaceType === 'BUILD_ID' ? [build.id.split(':')[1] ?? ''] : []
  const name = (target.overrideArtifactName ? section.name : undefined) ?? target.name ?? build.projectName
  const parts = [...(target.path ? [target.path.replace(/^\/|\/$/g, '')] : []), ...id, name]
  return { bucket: target.location ?? '', key: parts.join('/') }
}
