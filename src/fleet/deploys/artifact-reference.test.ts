import { expect, it } from 'vitest'
import { artifactReference } from './artifact-reference.ts'

it.each([
  ['${artifact.bucket}', undefined, { 'Fn::GetArtifactAtt': ['A', 'BucketName'] }],
  ['${artifact.url}', undefined, { 'Fn::GetArtifactAtt': ['A', 'URL'] }],
  ['${artifacts.docs.key}', 'docs', { 'Fn::GetArtifactAtt': ['A', 'ObjectKey'] }],
  ['${artifact.out/build.json:level}', undefined, { 'Fn::GetParam': ['A', 'out/build.json', 'level'] }],
  ['${artifacts.docs-2.build.json:level}', 'docs-2', { 'Fn::GetParam': ['A', 'build.json', 'level'] }],
])('%s', (value, artifact, override) => {
  const reference = artifactReference(value)
  expect(reference?.artifact).toBe(artifact)
  expect(reference?.override('A')).toEqual(override)
})

it.each(['s3://${artifact.bucket}', '${artifact.size}', '${artifacts.bucket}', '${values.A}', 'plain'])(
  '%s is none',
  (value) => {
    expect(artifactReference(value)).toBeUndefined()
  },
)
