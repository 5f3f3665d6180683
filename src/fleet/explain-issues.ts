/** Turns what zod found into errors for the person who wrote the file. */
import type * as z from 'zod/mini'
import { entryOf, FleetError, nearest } from '../model/index.ts'
import type { FleetDocument } from './document.ts'
import { FleetErrors, MOST_TOLD } from './fleet-errors.ts'
import { fleetJsonSchema } from './schema.ts'

type Issue = z.core.$ZodIssue

/** Gives one error per issue: what is wrong, where, and what to write instead. Those that are not told are counted. */
export function explainIssues(issues: readonly Issue[], document: FleetDocument): FleetErrors {
  const explanations = issues.flatMap((issue) => explain(issue, [], document))
  const told = explanations.slice(0, MOST_TOLD)
  return new FleetErrors(
    told.map((make) => make()),
    explanations.length - told.length,
  )
}

/** Makes an error when it is told: that takes looking for its place and for the word that was meant. */
type Explanation = () => FleetError

function explain(issue: Issue, above: readonly PropertyKey[], document: FleetDocument): Explanation[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length)
    return bestBranch(issue.errors).flatMap((inner) => explain(inner, path, document))
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => () => unknownKey(key, path, document))
  if (issue.code === 'invalid_key')
    return issue.issues.map((inner) => () => {
      const what = `${inWords(path)}: ${inner.message}`
      return new FleetError(what, { location: document.locateKey(path), fix: 'rename it' })
    })
  return [() => wrongValue(issue, path, document)]
}

function wrongValue(issue: Issue, path: readonly PropertyKey[], document: FleetDocument): FleetError {
  const value = path.reduce<unknown>(
    (at, key) => entryOf(at as Record<string, unknown> | undefined, String(key)),
    document.data,
  )
  const name = inWords(path)
  if (issue.code === 'invalid_type' && value === undefined)
    return new FleetError(`${name || 'the file'} is missing`, {
      location: document.locate(path),
      fix: `add \`${String(path.at(-1) ?? 'fleet')}\`${described(path)}`,
    })
  return new FleetError(name ? `${name}: ${wording(issue, value)}` : `the file ${wording(issue, value)}`, {
    location: document.locate(path),
    fix: fixOf(issue, path, value),
  })
}

/** The alternative that the author most likely meant: the one with the fewest and smallest complaints. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const cost = (issues: readonly Issue[]) =>
    issues.reduce((sum, issue) => {
      if (issue.code === 'invalid_type' && issue.path.length === 0) return sum + 100
      return sum + (issue.code === 'unrecognized_keys' ? 2 * issue.keys.length : 1)
    }, 0)
  return branches.reduce((best, branch) => (cost(branch) < cost(best) ? branch : best))
}

function unknownKey(key: string, path: readonly PropertyKey[], document: FleetDocument): FleetError {
  const known = [...schemaNodes(path)].flatMap((node) => Object.keys(node.properties ?? {}))
  const meant = nearest(key, known)
  return new FleetError(`unknown key \`${key}\` in ${inWords(path) || 'the fleet file'}`, {
    location: document.locateKey([...path, key]),
    fix: meant
      ? `write \`${meant}\``
      : `use one of ${[...new Set(known)].map((one) => `\`${one}\``).join(', ')}`,
  })
}

function wording(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_type') return `must be ${withArticle(issue.expected)}, not ${kindOf(value)}`
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((allowed) => `\`${String(allowed)}\``).join(' or ')}`
  if (issue.code === 'too_small')
    return issue.origin === 'array' || issue.origin === 'string'
      ? `must not be empty`
      : `must be at least ${issue.minimum}`
  if (issue.code === 'too_big')
    return issue.message.startsWith('must') ? issue.message : `must be at most ${issue.maximum}`
  return issue.message
}

function fixOf(issue: Issue, path: readonly PropertyKey[], value: unknown): string {
  if (issue.code === 'custom' && typeof issue.params?.fix === 'string') return issue.params.fix
  if (issue.code === 'invalid_value') {
    const meant = typeof value === 'string' ? nearest(value, issue.values.map(String)) : undefined
    if (meant) return `write \`${meant}\``
  }
  if (!path.length) return 'write a map with `fleet`, `hub`, `environments` and `pipelines`'
  return `change \`${String(path.at(-1))}\`${described(path)}`
}

/** The schema's own description of what stands at a path, in brackets. */
function described(path: readonly PropertyKey[]): string {
  const text = schemaNodes(path).find((node) => node.description)?.description
  return text ? ` (${text})` : ''
}

interface SchemaNode {
  readonly description?: string
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
}

/** Every part of the schema that may describe what stands at a path. */
function schemaNodes(path: readonly PropertyKey[]): SchemaNode[] {
  const open = (node: SchemaNode): SchemaNode[] => [node, ...(node.anyOf ?? []).flatMap(open)]
  let nodes = open(fleetJsonSchema() as SchemaNode)
  for (const key of path)
    nodes = nodes
      .flatMap((node) => [
        typeof key === 'number' ? node.items : entryOf(node.properties, String(key)),
        typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined,
      ])
      .filter((node) => node !== undefined)
      .flatMap(open)
  return nodes
}

/** Writes a path as one would say it: pipelines.orders.stages[1].environment. */
const inWords = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')

const withArticle = (kind: string): string => {
  const word =
    entryOf({ record: 'map', object: 'map', array: 'list', string: 'text', int: 'whole number' }, kind) ??
    kind
  return word === 'text' ? word : `a ${word}`
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  return withArticle(Array.isArray(value) ? 'array' : typeof value)
}
