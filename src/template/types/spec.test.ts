/** The resource specification. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hasAttribute, resourceSpec, type TypeSpec } from './spec.ts'

test('knows the types of AWS, custom resources, and nothing else', () => {
  expect(resourceSpec('AWS::S3::Bucket')?.identifier).toEqual(['BucketName'])
  expect(resourceSpec('Custom::Anything')?.open).toBe(true)
  for (const type of ['AWS::S3::Bucke', 'AWS::Nope::X', 'AWS::S3', '../../x::y::z', 'Bucket'])
    expect(resourceSpec(type)).toBeUndefined()
})

test('tells attributes, nested ones too', () => {
  const bucket = resourceSpec('AWS::S3::Bucket')!
  expect(hasAttribute(bucket, 'Arn')).toBe(true)
  expect(hasAttribute(bucket, 'Colour')).toBe(false)
  expect(hasAttribute(resourceSpec('AWS::CloudFormation::Stack')!, 'Outputs.Anything')).toBe(true)
})

test('is whole: every reference of every type leads to a definition', () => {
  const files = readdirSync(new URL('./spec/', import.meta.url)).filter((file) => file.endsWith('.json'))
  expect(files.length).toBeGreaterThan(200)
  const lacking: string[] = []
  const walk = (type: TypeSpec, definitions: object): void => {
    if (typeof type === 'string' || type[0] === 'e') return
    if (type[0] === 'r') {
      if (!(type[1] in definitions)) lacking.push(type[1])
    } else for (const inner of type.slice(1) as TypeSpec[]) walk(inner, definitions)
  }
  for (const file of files) {
    const namespace = file.replace('.json', '').replace('_', '::')
    const { types, defs } = namespaceIn(file)
    for (const [name, { p }] of Object.entries(types)) {
      expect(resourceSpec(`${namespace}::${name}`)?.type).toBe(`${namespace}::${name}`)
      for (const [, type] of Object.values(p)) walk(type, defs)
    }
    for (const members of Object.values(defs)) for (const [, type] of Object.values(members)) walk(type, defs)
  }
  expect(lacking).toEqual([])
})

type Members = Record<string, [string, TypeSpec]>

function namespaceIn(file: string): { types: Record<string, { p: Members }>; defs: Record<string, Members> } {
  return JSON.parse(readFileSync(new URL(`./spec/${file}`, import.meta.url), 'utf8'))
}
