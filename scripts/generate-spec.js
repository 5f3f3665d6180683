/**
 * Turns the public CloudFormation resource specification into two things: compact data that the embedded cloud checks
 * templates against, and the TypeScript property types that synthesis writes its resources with.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { renderResourceTypes } from './render-resource-types.js'

const require = createRequire(import.meta.url)
const data = new URL('../src/template/types/spec/', import.meta.url)
const types = new URL('../src/model/resources.gen.ts', import.meta.url)

/** Writes both and prints their size. */
export async function generateSpec() {
  const { loadAwsServiceSpecSync } = require('@aws-cdk/aws-service-spec')
  const { version } = require('@aws-cdk/aws-service-spec/package.json')
  const database = loadAwsServiceSpecSync()
  const resources = [...database.all('resource')].sort((a, b) =>
    compare(a.cloudFormationType, b.cloudFormationType),
  )
  const definition = (type) => database.get('typeDefinition', type.reference.$ref)
  writeFileSync(types, renderResourceTypes(resources, definition))
  execFileSync(process.execPath, [
    require.resolve('@biomejs/biome/bin/biome'),
    'format',
    '--write',
    fileURLToPath(types),
  ])
  mkdirSync(data, { recursive: true })
  for (const file of readdirSync(data)) if (file.endsWith('.json')) rmSync(new URL(file, data))
  let total = 0
  for (const [namespace, members] of grouped(resources)) {
    const text = renderNamespace(members, definition)
    writeFileSync(new URL(`${namespace.replace('::', '_')}.json`, data), text)
    total += text.length
  }
  console.log(
    `${resources.length} resource types from aws-service-spec ${version}, ${Math.round(total / 1024)} KB`,
  )
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0)
const namespaceOf = (resource) => resource.cloudFormationType.split('::').slice(0, 2).join('::')

function grouped(resources) {
  const groups = new Map()
  for (const one of resources) groups.set(namespaceOf(one), [...(groups.get(namespaceOf(one)) ?? []), one])
  return groups
}

/**
 * One namespace as JSON: `types` by name and `defs` that their properties refer to, one line each.
 * A property is `[flags, type]`: flags `!` required, `*` forces replacement, `~` may force it. A type is `s` string,
 * `n` number, `i` integer, `b` boolean, `j` anything, `t` tag, `d` time; `["a", T]` list, `["m", T]` map,
 * `["u", …T]` one of, `["e", …values]` enumeration, `["r", name]` a definition.
 */
function renderNamespace(resources, definition) {
  const names = new Map()
  const definitions = new Map()
  const reference = (owner, type) => {
    const found = definition(type)
    const known = names.get(found.$id)
    if (known) return known
    let name = `${owner}.${found.name}`
    while (definitions.has(name)) name += '_'
    names.set(found.$id, name)
    definitions.set(name, undefined)
    definitions.set(
      name,
      compactProperties(found.properties, (inner) => reference(owner, inner)),
    )
    return name
  }
  const compacted = resources.map((one) => [
    one.cloudFormationType.split('::').slice(2).join('::'),
    compactResource(one, (type) => reference(one.name, type)),
  ])
  const block = (entries) =>
    entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',\n')
  return `{"types":{\n${block(compacted)}\n},\n"defs":{\n${block([...definitions])}\n}}\n`
}

function compactResource(resource, reference) {
  const attributes = Object.entries(resource.attributes).map(([name, one]) => [
    name,
    compactType(one.type, reference),
  ])
  const replacing = resource.additionalReplacementProperties?.map((path) => path.join('.'))
  return {
    p: compactProperties(resource.properties, reference),
    a: Object.fromEntries(attributes),
    id: resource.cfnRefIdentifier ?? resource.primaryIdentifier,
    arn: resource.arnTemplate,
    tags: resource.tagInformation && [
      resource.tagInformation.tagPropertyName,
      resource.tagInformation.variant,
    ],
    replacedBy: replacing?.length ? replacing : undefined,
  }
}

function compactProperties(properties, reference) {
  const flags = { yes: '*', maybe: '~' }
  const compacted = Object.entries(properties).map(([name, one]) => [
    name,
    [`${one.required ? '!' : ''}${flags[one.causesReplacement] ?? ''}`, compactType(one.type, reference)],
  ])
  return Object.fromEntries(compacted)
}

const atoms = {
  string: 's',
  number: 'n',
  integer: 'i',
  boolean: 'b',
  json: 'j',
  tag: 't',
  'date-time': 'd',
  null: 'j',
}

function compactType(type, reference) {
  if (type.allowedValues) return ['e', ...type.allowedValues]
  if (type.type === 'array') return ['a', compactType(type.element, reference)]
  if (type.type === 'map') return ['m', compactType(type.element, reference)]
  if (type.type === 'union') return ['u', ...type.types.map((one) => compactType(one, reference))]
  if (type.type === 'ref') return ['r', reference(type)]
  return atoms[type.type]
}
