/** What forces a new resource, by the real specification. */
import { expect, test } from 'vitest'
import { changedProperties, recreationOf } from './replacement.ts'
import { resourceSpec } from './spec.ts'

test('finds the properties that differ, whatever the order of keys', () => {
  expect(changedProperties({ a: { x: 1, y: 2 }, b: 1, c: [1] }, { a: { y: 2, x: 1 }, c: [2], d: 1 })).toEqual(
    ['b', 'c', 'd'],
  )
})

test.each([
  ['AWS::S3::Bucket', 'BucketName', 'a', 'b', 'Always'],
  ['AWS::S3::Bucket', 'Tags', [], [{ Key: 'a', Value: 'b' }], 'Never'],
  ['AWS::EC2::Instance', 'BlockDeviceMappings', [], [{}], 'Conditionally'],
  ['AWS::KMS::Alias', 'AliasName', 'alias/a', 'alias/b', 'Always'],
] as const)('%s %s', (type, name, before, after, recreation) => {
  expect(recreationOf(resourceSpec(type)!, name, before, after)).toBe(recreation)
})

test('goes down to the member that forces it', () => {
  const spec = resourceSpec('AWS::ECR::Repository')!
  const before = { EncryptionType: 'AES256' }
  expect(recreationOf(spec, 'EncryptionConfiguration', before, { EncryptionType: 'KMS' })).toBe('Always')
})

test('heeds what the facts of the type name besides', () => {
  expect(recreationOf(resourceSpec('AWS::IAM::User')!, 'Path', '/', '/a/')).toBe('Always')
})
