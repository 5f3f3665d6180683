/** Action providers, sources and kinds of deploys are named in their own file alone; who asks of one asks its declaration. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseAst } from 'rolldown/parseAst'
import { expect, test } from 'vitest'
import { runners } from '../src/cloud/services/codepipeline/providers/index.ts'
import { deployKinds } from '../src/fleet/deploys/index.ts'
import { sourceKinds } from '../src/fleet/sources/index.ts'
import { providers as actionProviders, ruleProviders } from '../src/pipeline/index.ts'

const providers = [...actionProviders, ...ruleProviders]

const SOURCE = resolve(import.meta.dirname, '../src')

/** Where a provider's name means a provider: not where services and their resource types are told of. */
const PARTS =
  /^(pipeline\/(?!generated\/)|fleet|synth|access|deploy|operate|cli|cloud\/(?!generated\/|services\/(?!codepipeline\/)))/
const PLACES_OF_PROVIDERS = ['pipeline/providers/', 'cloud/services/codepipeline/providers/']

/** What the embedded cloud's runner of stack actions is made of. */
const PLACES_OF_RUNNERS = ['cloud/services/codepipeline/stack-actions/']

/** Where fleet files are known. */
const PARTS_OF_FLEET = /^(fleet|synth|cli)\//
const PLACES_OF_KINDS = ['fleet/sources/', 'fleet/deploys/']

/** Files that write the word and mean something else. */
const ELSEWHERE: readonly { readonly file: string; readonly name: string; readonly means: string }[] = [
  { file: 'synth/declare-pipeline.ts', name: 'S3', means: 'the type of an artifact store' },
  { file: 'cloud/services/codepipeline/engine/job-data.ts', name: 'S3', means: 'where an artifact is' },
  { file: 'fleet/sources/github.ts', name: 'GitHub', means: 'the host behind a connection' },
  { file: 'fleet/sources/source-kind.ts', name: 'GitHub', means: 'the host behind a connection' },
  { file: 'synth/declare-sources.ts', name: 'GitHub', means: 'the host behind a connection' },
  { file: 'cloud/services/codepipeline/index.ts', name: 'CodePipeline', means: 'the service itself' },
  { file: 'synth/key.ts', name: 'S3', means: 'a way to use a key' },
  { file: 'synth/project-resources.ts', name: 'S3', means: 'the type of a cache' },
  { file: 'access/proof/refine-needs.ts', name: 'S3', means: 'the service, in a sentence' },
  { file: 'access/proof/denial-sentence.ts', name: 'CodeBuild', means: 'the service, of a sentence' },
  { file: 'access/proof/denial-sentence.ts', name: 'CodePipeline', means: 'the service, of a sentence' },
]

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split('\\').join('/'))
  .filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file))

interface Naming {
  readonly file: string
  readonly name: string
}

/** A node of the syntax tree, as ESTree has it. */
type Node = Readonly<Record<string, unknown>> & { readonly type: string }
type Visit = (node: Node) => readonly (string | undefined)[]

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

/** Gives every name that a visitor finds in the syntax of some files. */
function namings(chosen: readonly string[], names: ReadonlySet<string>, visit: Visit): Naming[] {
  return chosen.flatMap((file) => {
    const text = readFileSync(join(SOURCE, file), 'utf8')
    if (![...names].some((name) => text.includes(name))) return []
    const found = new Set<string>()
    const walk = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(walk)
      if (!isNode(value)) return
      for (const name of visit(value)) if (name !== undefined && names.has(name)) found.add(name)
      Object.values(value).forEach(walk)
    }
    walk(parseAst(text, { lang: 'ts' }, file).body)
    return [...found].map((name) => ({ file, name }))
  })
}

const outside = (parts: RegExp, places: readonly string[]): string[] =>
  files.filter((file) => parts.test(file) && !places.some((place) => file.startsWith(place)))

/** The text of a literal, quoted either way. */
function literal(value: unknown): string | undefined {
  if (!isNode(value)) return undefined
  if (value.type === 'Literal') return typeof value.value === 'string' ? value.value : undefined
  if (value.type !== 'TemplateElement') return undefined
  return (value.value as { cooked?: string }).cooked
}

const nameOf = (value: unknown): string | undefined =>
  isNode(value) && value.type === 'Identifier' ? String(value.name) : literal(value)

/** Keys as they are compared, looked for or taken out; one that is handed on may mean a service or a role. */
function keysUsed(node: Node): (string | undefined)[] {
  switch (node.type) {
    case 'BinaryExpression': {
      const sides = [node.left, node.right]
      return sides.some(isServiceOfArn) ? [] : sides.map(literal)
    }
    case 'SwitchCase':
      return [literal(node.test)]
    case 'MemberExpression':
      return [node.computed ? literal(node.property) : nameOf(node.property)]
    case 'ObjectPattern':
      return (node.properties as Node[]).map(({ key }) => nameOf(key))
    case 'CallExpression':
      return nameOf((node.callee as Node).property) === 'hasOwn'
        ? [literal((node.arguments as unknown[])[1])]
        : []
    default:
      return []
  }
}

/** `arn.service === 's3'` asks what an ARN is of. */
function isServiceOfArn(value: unknown): boolean {
  if (!isNode(value)) return false
  if (value.type === 'ChainExpression') return isServiceOfArn(value.expression)
  return value.type === 'MemberExpression' && nameOf(value.property) === 'service'
}

/** `action.configuration`, `configuration`, also where it may be absent. */
function isConfiguration(value: unknown): boolean {
  if (!isNode(value)) return false
  if (value.type === 'MemberExpression') return nameOf(value.property) === 'configuration'
  return nameOf(value) === 'configuration' || isConfiguration(value.expression) || isConfiguration(value.left)
}

/** Keys that are read from a configuration. */
function keysRead(node: Node): (string | undefined)[] {
  if (node.type === 'MemberExpression' && isConfiguration(node.object)) return [nameOf(node.property)]
  if (node.type !== 'VariableDeclarator' || !isConfiguration(node.init)) return []
  return ((node.id as Node).properties as Node[] | undefined)?.map(({ key }) => nameOf(key)) ?? []
}

const printed = (title: string, names: ReadonlySet<string>, found: readonly Naming[]): void => {
  const counts = [...names].map((name) => `${name} ${found.filter((one) => one.name === name).length}`)
  console.info(`files outside their place that name ${title}: ${counts.join(', ')}`)
}

test('no action provider is named outside its own file', () => {
  const names = new Set(providers.map(({ type }) => type.provider))
  const ids = new Map(runners.map(({ id }) => [id, id.split('/')[1]!]))
  const found = namings(outside(PARTS, PLACES_OF_PROVIDERS), names, (node) => {
    if (node.type === 'Property') return [nameOf(node.key)]
    const text = literal(node)
    return [text && (ids.get(text) ?? text)]
  })
  const isElsewhere = ({ file, name }: Naming) =>
    ELSEWHERE.some((one) => one.file === file && one.name === name)
  const wrong = found.filter((one) => !isElsewhere(one))

  printed('a provider', names, wrong)
  expect(wrong).toEqual([])
  expect(found).toHaveLength(ELSEWHERE.length)
})

test('no configuration of an action is read outside its provider', () => {
  const keys = new Set(providers.flatMap(({ configuration }) => Object.keys(configuration)))
  const places = [...PLACES_OF_PROVIDERS, ...PLACES_OF_RUNNERS, ...PLACES_OF_KINDS]

  expect(namings(outside(PARTS, places), keys, keysRead)).toEqual([])
  const own = 'cloud/services/codepipeline/providers/s3-source.ts'
  expect(namings([own], keys, keysRead).map(({ name }) => name)).toContain('S3ObjectKey')
})

test('no source and no kind of deploy is named outside its own file', () => {
  const names = new Set([...sourceKinds, ...deployKinds].map(({ key }) => key as string))
  const found = namings(outside(PARTS_OF_FLEET, PLACES_OF_KINDS), names, keysUsed)

  printed('a source or a kind of deploy', names, found)
  expect(found).toEqual([])
  expect(namings(['fleet/deploys/cloudformation.ts'], names, keysUsed)).toHaveLength(1)
})

test('every file of a registry is in it', () => {
  const places = [...PLACES_OF_PROVIDERS, ...PLACES_OF_PROVIDERS.map((one) => `${one}rules/`)]
  for (const place of [...places, ...PLACES_OF_KINDS]) {
    const listed = readFileSync(join(SOURCE, place, 'index.ts'), 'utf8')
    const declaring = files.filter(
      (file) =>
        file.startsWith(place) &&
        !file.slice(place.length).includes('/') &&
        /^export const \w+(: (ActionProvider|RuleProvider|Runner)\b| = (sourceKind|deployKind|describe|runner)\()/m.test(
          readFileSync(join(SOURCE, file), 'utf8'),
        ),
    )
    expect(declaring.length).toBeGreaterThan(1)
    for (const file of declaring) expect(listed, file).toContain(`'./${file.slice(place.length)}'`)
  }
})
