/** Packs a build's artifacts and puts them where the project or the pipeline wants them. */

import { createHash } from 'node:crypto'
import type { BuildArtifacts, ProjectArtifacts } from '@aws-sdk/client-codebuild'
import { entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import type { StoredBuild } from '../state.ts'
import { chooseFiles, packArtifacts } from './artifacts.ts'
import type { Buildspec, BuildspecArtifacts } from './buildspec.ts'
import { splitLocation } from './source.ts'

/** Names given by the buildspec, by artifact identifier; the primary artifact's is ''. */
type Names = Readonly<Record<string, string>>

/**
 * Uploads every artifact as the project's role, encrypted with the project's own key; gives what the build shows of
 * them. AWS: CodeBuild ignores the pipeline's key; a project without one uses the account's aws/s3 key, which no other
 * account can use. Errors: S3's AwsError, or an Error when nothing matches or the buildspec lacks a section.
 */
export async function uploadArtifacts(
  ctx: Context,
  identity: Identity,
  sourceFolder: string,
  build: StoredBuild,
  buildspec: Buildspec,
  names: Names,
): Promise<{ artifacts?: BuildArtifacts; secondaryArtifacts: BuildArtifacts[] }> {
  const { primary, secondary } = build.targets
  const upload = async (target: ProjectArtifacts, section: BuildspecArtifacts | undefined) => {
    const which = target.artifactIdentifier
    if (!section)
      throw new Error(
        which
          ? `the buildspec has no secondary-artifacts section "${which}"`
          : 'the buildspec has no artifacts section for the primary artifact',
      )
    const named = { name: entryOf(names, which ?? ''), s3Prefix: section.s3Prefix }
    const place = artifactPlace(target, build, named)
    const put = (key: string, content: Uint8Array, type: string) =>
      ctx.call('s3', 'PutObject', object(build, target, { bucket: place.bucket, key, content, type }), {
        as: identity,
      })
    if (target.type === 'S3' && target.packaging !== 'ZIP') {
      for (const file of await chooseFiles(sourceFolder, section))
        await put(joined(place.key, file.name), file.content, 'application/octet-stream')
      return shownArtifact(target, build, named)
    }
    const content = await packArtifacts(sourceFolder, section)
    await put(place.key, content, 'application/zip')
    return { ...shownArtifact(target, build, named), ...checksums(content) }
  }
  const artifacts = primary && primary.type !== 'NO_ARTIFACTS' && (await upload(primary, buildspec.artifacts))
  const secondaryArtifacts: BuildArtifacts[] = []
  for (const target of secondary)
    secondaryArtifacts.push(
      await upload(target, entryOf(buildspec.secondaryArtifacts, target.artifactIdentifier ?? '')),
    )
  return { ...(artifacts ? { artifacts } : {}), secondaryArtifacts }
}

function object(
  build: StoredBuild,
  target: ProjectArtifacts,
  file: { bucket: string; key: string; content: Uint8Array; type: string },
) {
  return {
    Bucket: file.bucket,
    Key: file.key,
    Body: Buffer.from(file.content) as never,
    ContentType: file.type,
    Metadata: { 'codebuild-buildarn': build.arn },
    ...(target.encryptionDisabled
      ? {}
      : { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: build.encryptionKey || undefined }),
  }
}

/** AWS: checksums are given of packed artifacts only. */
const checksums = (content: Uint8Array): BuildArtifacts => ({
  sha256sum: createHash('sha256').update(content).digest('hex'),
  md5sum: createHash('md5').update(content).digest('hex'),
})

/** What a build shows of an artifact: its place as an ARN. */
export function shownArtifact(
  target: ProjectArtifacts,
  build: StoredBuild,
  named: BuildspecNaming = {},
): BuildArtifacts {
  const { artifactIdentifier, encryptionDisabled, overrideArtifactName } = target
  if (target.type === 'NO_ARTIFACTS') return { location: '' }
  const { bucket, key } = artifactPlace(target, build, named)
  const location = `arn:aws:s3:::${joined(bucket, key)}`
  return {
    location,
    ...(artifactIdentifier === undefined ? {} : { artifactIdentifier }),
    ...(encryptionDisabled === undefined ? {} : { encryptionDisabled }),
    ...(overrideArtifactName === undefined ? {} : { overrideArtifactName }),
  }
}

const joined = (...parts: string[]): string => parts.filter(Boolean).join('/')

/** What a buildspec says of an artifact's place. */
interface BuildspecNaming {
  readonly name?: string
  readonly s3Prefix?: string
}

/**
 * AWS: `path/build id/name`, without the parts that the project does not ask for; the name `/` stands for none. With the
 * build's id the buildspec's s3-prefix goes first.
 */
function artifactPlace(
  target: ProjectArtifacts,
  build: StoredBuild,
  named: BuildspecNaming,
): { bucket: string; key: string } {
  if (target.type === 'CODEPIPELINE') return splitLocation(artifactLocation(target))
  const id = target.namespaceType === 'BUILD_ID' ? (build.id.split(':')[1] ?? '') : ''
  const name = (target.overrideArtifactName ? named.name : undefined) ?? target.name ?? build.projectName
  const path = (id && named.s3Prefix) || (target.path ?? '')
  const trimmed = (text: string) => text.replace(/^\/+|(?<!\/)\/+$/g, '')
  return { bucket: artifactLocation(target), key: joined(trimmed(path), id, trimmed(name)) }
}

const artifactLocation = ({ location = '' }: ProjectArtifacts): string =>
  location.replace(/^arn:[^:]+:s3:::/, '')
