/** Sources and artifacts in S3, and the key that artifacts are encrypted with. */
import { InvalidateProjectCacheCommand } from '@aws-sdk/client-codebuild'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import { open, pack } from '../../../src/cloud/machine/archive.ts'
import { buildspec, failureOf, HUB, openBuilder, phasesOf, printed } from './builder.ts'

const builder = await openBuilder()
const s3 = builder.client(S3Client)
let serviceRole: string

beforeAll(async () => {
  serviceRole = await builder.role('storing', [{ Action: ['logs:*', 's3:*', 'kms:*'] }])
  for (const Bucket of ['sources', 'outputs']) await s3.send(new CreateBucketCommand({ Bucket }))
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'sources', VersioningConfiguration }))
})

async function upload(Key: string, files: Record<string, string>): Promise<string> {
  const content = Object.entries(files).map(([name, text]) => ({ name, content: Buffer.from(text) }))
  return (await s3.send(new PutObjectCommand({ Bucket: 'sources', Key, Body: await pack(content) })))
    .VersionId!
}

async function unpacked(Key: string): Promise<string[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'outputs', Key }))
  return [...(await open(await Body!.transformToByteArray())).keys()].sort()
}

const output = (more: object = {}) => ({
  type: 'S3' as const,
  location: 'outputs',
  name: 'site.zip',
  packaging: 'ZIP' as const,
  ...more,
})
const files = buildspec({ build: ['mkdir -p dist/lib', 'echo a > dist/a.txt', 'echo b > dist/lib/b.txt'] })
const withArtifacts = (artifacts: object, spec = files) => JSON.stringify({ ...JSON.parse(spec), artifacts })

describe('a source in S3', () => {
  it('is unpacked, with its own buildspec, in the version asked for', async () => {
    const spec = (text: string) => buildspec({ build: [`echo ${text}`, 'cat note.txt'] })
    const first = await upload('app.zip', { 'buildspec.yml': spec('one'), 'note.txt': 'first\n' })
    await upload('app.zip', {
      'buildspec.yml': spec('two'),
      'ci/other.yml': spec('other'),
      'note.txt': 'second\n',
    })
    await builder.project('from-s3', '', { serviceRole, source: { type: 'S3', location: 'sources/app.zip' } })
    const newest = await builder.build('from-s3')
    expect(printed(await builder.log(newest))).toEqual(['two', 'second'])
    const older = await builder.build('from-s3', { sourceVersion: first })
    expect(printed(await builder.log(older))).toEqual(['one', 'first'])
    const other = await builder.build('from-s3', { buildspecOverride: 'ci/other.yml' })
    expect(printed(await builder.log(other))).toEqual(['other', 'second'])
    const inline = await builder.build('from-s3', {
      buildspecOverride: '{version: 0.2, phases: {build: {commands: ["echo inline"]}}}',
    })
    expect(printed(await builder.log(inline))).toEqual(['inline'])
    const missing = await builder.build('from-s3', { buildspecOverride: 'ci/none.yml' })
    expect(failureOf(missing)).toBe(
      'DOWNLOAD_SOURCE YAML_FILE_ERROR: stat ci/none.yml: no such file or directory',
    )
    const outside = await builder.build('from-s3', { buildspecOverride: '../../etc/hosts' })
    expect(failureOf(outside)).toMatch(/leads out of the source/)
  })

  it('may be a folder; secondary sources have folders of their own; a buildspec may be an object', async () => {
    await s3.send(
      new PutObjectCommand({ Bucket: 'sources', Key: 'tree/deep/a.txt', Body: 'from a folder\n' }),
    )
    await s3.send(
      new PutObjectCommand({
        Bucket: 'sources',
        Key: 'spec.yml',
        Body: buildspec({ build: ['cat deep/a.txt', 'cat $CODEBUILD_SRC_DIR_lib/l.txt'] }),
      }),
    )
    await upload('lib.zip', { 'l.txt': 'from a library\n' })
    const { log } = await builder.once('folders', '', {
      serviceRole,
      source: { type: 'S3', location: 'sources/tree/', buildspec: 'arn:aws:s3:::sources/spec.yml' },
      secondarySources: [{ type: 'S3', location: 'sources/lib.zip', sourceIdentifier: 'lib' }],
    })
    expect(printed(log)).toEqual(['from a folder', 'from a library'])
  })

  it('that the role may not read fails DOWNLOAD_SOURCE by name', async () => {
    const { build } = await builder.once('unread', '', {
      source: { type: 'S3', location: 'sources/app.zip' },
    })
    expect(failureOf(build)).toMatch(/^DOWNLOAD_SOURCE CLIENT_ERROR: AccessDenied: .*builder.* s3:GetObject/)
    expect(phasesOf(build).slice(-2)).toEqual(['FINALIZING SUCCEEDED', 'COMPLETED'])
  })
})

describe('artifacts', () => {
  it('are packed under path, build id and name', async () => {
    await builder.project('packed', withArtifacts({ files: ['**/*'], 'base-directory': 'dist' }), {
      serviceRole,
      artifacts: output({ path: '/out/', namespaceType: 'BUILD_ID' }),
    })
    const build = await builder.build('packed')
    const key = `out/${build.id!.split(':')[1]}/site.zip`
    expect(await unpacked(key)).toEqual(['a.txt', 'lib/b.txt'])
    expect(build.artifacts).toMatchObject({
      location: `arn:aws:s3:::outputs/${key}`,
      sha256sum: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: 'outputs', Key: key }))
    expect(Metadata).toEqual({ 'codebuild-buildarn': build.arn })
  })

  it('are laid out as files where they are not packed, named in the shell’s language', async () => {
    const spec = withArtifacts({ files: ['dist/**/*'], name: 'v$CODEBUILD_BUILD_NUMBER/$(echo x)' })
    const { build } = await builder.once('laid-out', spec, {
      serviceRole,
      artifacts: output({ packaging: 'NONE', overrideArtifactName: true, path: 'plain' }),
    })
    expect(build.buildStatus).toBe('SUCCEEDED')
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'outputs', Prefix: 'plain/' }))
    expect(Contents!.map((one) => one.Key)).toEqual(['plain/v1/x/dist/a.txt', 'plain/v1/x/dist/lib/b.txt'])
  })

  it('have secondary ones', async () => {
    const spec = withArtifacts({
      files: ['dist/a.txt'],
      'secondary-artifacts': { lib: { files: ['**/*.txt'], 'base-directory': 'dist/lib' } },
    })
    const { build } = await builder.once('secondary', spec, {
      serviceRole,
      artifacts: output({ name: 'main.zip' }),
      secondaryArtifacts: [output({ name: 'lib.zip', artifactIdentifier: 'lib' })],
    })
    expect(await unpacked('main.zip')).toEqual(['dist/a.txt'])
    expect(await unpacked('lib.zip')).toEqual(['b.txt'])
    expect(build.secondaryArtifacts).toMatchObject([
      { artifactIdentifier: 'lib', location: 'arn:aws:s3:::outputs/lib.zip' },
    ])
  })

  it('are uploaded although the build failed, but not when it never came to building', async () => {
    const failing = (phase: string) =>
      withArtifacts({ files: ['x'] }, buildspec({ install: ['echo x > x'], [phase]: ['echo x > x; false'] }))
    const late = await builder.once('late', failing('build'), {
      serviceRole,
      artifacts: output({ name: 'late.zip' }),
    })
    expect(late.build.buildStatus).toBe('FAILED')
    expect(await unpacked('late.zip')).toEqual(['x'])
    const early = await builder.once('early', failing('pre_build'), {
      serviceRole,
      artifacts: output({ name: 'early.zip' }),
    })
    expect(phasesOf(early.build)).not.toContain('UPLOAD_ARTIFACTS SUCCEEDED')
    await expect(unpacked('early.zip')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  it.each([
    [
      'nothing matches',
      { files: ['*.none'] },
      /no matching artifact paths found: No matching files in \*\.none/,
    ],
    ['there is no section', undefined, /no artifacts section for the primary artifact/],
    ['the name does not expand', { files: ['**/*'], name: '$(exit 3)${' }, /cannot make sense of/],
  ])('fail UPLOAD_ARTIFACTS when %s', async (title, artifacts, message) => {
    const name = `bad-${title.replaceAll(' ', '-')}`
    const { build } = await builder.once(name, artifacts ? withArtifacts(artifacts) : files, {
      serviceRole,
      artifacts: output({ overrideArtifactName: true }),
    })
    expect(failureOf(build)).toMatch(/^UPLOAD_ARTIFACTS CLIENT_ERROR/)
    expect(failureOf(build)).toMatch(message)
  })
})

describe('encryption', () => {
  const head = async (Key: string) => {
    const { ServerSideEncryption, SSEKMSKeyId } = await s3.send(
      new HeadObjectCommand({ Bucket: 'outputs', Key }),
    )
    return { ServerSideEncryption, SSEKMSKeyId }
  }
  const spec = withArtifacts({ files: ['dist/a.txt'] })

  it('is with the project’s own key, and with aws/s3 when it has none', async () => {
    const { KeyMetadata } = await builder.client(KMSClient).send(new CreateKeyCommand({}))
    await builder.once('own-key', spec, {
      serviceRole,
      artifacts: output({ name: 'own.zip' }),
      encryptionKey: KeyMetadata!.Arn!,
    })
    expect(await head('own.zip')).toEqual({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyMetadata!.Arn })
    const { build } = await builder.once('no-key', spec, {
      serviceRole,
      artifacts: output({ name: 'default.zip' }),
    })
    expect(build.encryptionKey).toBe(`arn:aws:kms:us-east-1:${HUB}:alias/aws/s3`)
    const found = await head('default.zip')
    expect(found.ServerSideEncryption).toBe('aws:kms')
    expect(found.SSEKMSKeyId).not.toBe(KeyMetadata!.Arn)
  })

  it('with a key that the role may not use fails by name', async () => {
    const role = await builder.role('keyless', [{ Action: ['logs:*', 's3:*'] }])
    const { KeyMetadata } = await builder.client(KMSClient).send(new CreateKeyCommand({}))
    const { build } = await builder.once('keyless', spec, {
      serviceRole: role,
      artifacts: output(),
      encryptionKey: KeyMetadata!.Arn!,
    })
    expect(failureOf(build)).toMatch(
      /^UPLOAD_ARTIFACTS CLIENT_ERROR: AccessDenied: .*keyless.*kms:GenerateDataKey/,
    )
  })
})

describe('a cache in S3', () => {
  const spec = (more: object = {}) =>
    buildspec(
      {
        build: [
          'mkdir -p kept; cat kept/* 2>/dev/null || echo nothing',
          'echo "build $CODEBUILD_BUILD_NUMBER" > kept/note',
        ],
      },
      { cache: { paths: 'kept/**/*', ...more } },
    )

  it('is there for the next build', async () => {
    const cache = { type: 'S3' as const, location: 'outputs/caches' }
    await builder.project('cached', spec(), { serviceRole, cache })
    expect(printed(await builder.log(await builder.build('cached')))).toEqual(['nothing'])
    expect(printed(await builder.log(await builder.build('cached')))).toEqual(['build 1'])
    expect(printed(await builder.log(await builder.build('cached')))).toEqual(['build 2'])
    await builder.codebuild.send(new InvalidateProjectCacheCommand({ projectName: 'cached' }))
    expect(printed(await builder.log(await builder.build('cached')))).toEqual(['nothing'])
  })

  it('stays as it is under its key, and is found by a fallback key', async () => {
    const cache = { type: 'S3' as const, location: 'outputs' }
    await builder.project('keyed', spec({ key: 'v-$KEY', 'fallback-keys': ['v-'] }), { serviceRole, cache })
    const build = async (value: string) => {
      const environmentVariablesOverride = [{ name: 'KEY', value }]
      return printed(await builder.log(await builder.build('keyed', { environmentVariablesOverride })))
    }
    expect(await build('a')).toEqual(['nothing'])
    expect(await build('a')).toEqual(['build 1'])
    expect(await build('a')).toEqual(['build 1'])
    expect(await build('b')).toEqual(['build 1'])
    expect(await build('b')).toEqual(['build 4'])
  })

  it('fails no build where the role may not read it', async () => {
    const cache = { type: 'S3' as const, location: 'outputs' }
    await builder.project('uncached', spec(), { cache })
    const build = await builder.build('uncached')
    expect(build.buildStatus).toBe('SUCCEEDED')
    expect(await builder.log(build)).toMatch(/Unable to download the cache: .*not authorized/)
  })
})

describe('artifacts of a buildspec', () => {
  it('keep their links where it asks for that, and have its prefix before the build’s id', async () => {
    const spec = buildspec({
      build: ['mkdir -p lib bin; echo 1 > lib/a; ln -s ../lib/a bin/a; ln -s /etc/hosts out'],
    })
    const artifacts = { files: '**/*', 'enable-symlinks': 'yes', 's3-prefix': 'linked', type: 'zip' }
    await builder.project('linked', withArtifacts(artifacts, spec), {
      serviceRole,
      artifacts: output({ namespaceType: 'BUILD_ID', path: 'not-here' }),
    })
    const { id, artifacts: made } = await builder.build('linked')
    const Key = `linked/${id!.split(':')[1]}/site.zip`
    expect(made?.location).toBe(`arn:aws:s3:::outputs/${Key}`)
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'outputs', Key }))
    const packed = await open(await Body!.transformToByteArray())
    expect(packed.get('bin/a')?.leadsTo).toBe('../lib/a')
    expect(packed.get('out')?.leadsTo).toBeUndefined()
  })
})

describe('a cache on the build’s host', () => {
  it('keeps directories from build to build, until it is reset, or the project is another', async () => {
    const spec = buildspec(
      {
        build: [
          'cat kept/*/number 2>/dev/null || echo nothing',
          'mkdir -p kept/deep && echo $CODEBUILD_BUILD_NUMBER > kept/deep/number; echo x > left.txt',
        ],
      },
      { cache: { paths: ['kept/**/*', 'left.txt', '../outside'] } },
    )
    const cache = { type: 'LOCAL' as const, modes: ['LOCAL_CUSTOM_CACHE' as const] }
    const says = async (name: string) => printed(await builder.log(await builder.build(name)))
    await builder.project('local', spec, { cache })
    expect(await says('local')).toEqual(['nothing'])
    expect(await says('local')).toEqual(['1'])
    expect(await says('local')).toEqual(['2'])
    await builder.project('other', spec, { cache })
    expect(await says('other')).toEqual(['nothing'])
    await builder.codebuild.send(new InvalidateProjectCacheCommand({ projectName: 'local' }))
    expect(await says('local')).toEqual(['nothing'])
    await builder.project('sourced', spec, { cache: { type: 'LOCAL', modes: ['LOCAL_SOURCE_CACHE'] } })
    await says('sourced')
    expect(await says('sourced')).toEqual(['nothing'])
  })
})
