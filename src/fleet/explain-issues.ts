/** Turns what zod found into errors for the person who wrote the file. */
import type * as z from 'zod/mini'
import { entryOf, FleetError, nearest } from '../model/index.ts'
import { branchMeant, keysOf } from './branch-meant.ts'
import type { FleetDocument } from './document.ts'
import { FleetErrors, MOST_TOLD } from './fleet-errors.ts'
import { BECOMES, type SchemaNode, schemaNodes } from './schema-nodes.ts'

type Issue = z.core.$ZodIssue

/** Gives one error per issue: what is wrong, where, and what to write instead. Those that are not told are counted. */
export function explainIssues(issues: readonly Issue[], document: FleetDocument): FleetErrors {
  const explanations = issues.flatMap((issue) => explain(issue, [], document))
  const told = explanations.slice(0, MOST_TOLD).map((make) => make())
  return new FleetErrors(told, explanations.length - told.length)
}

/** Makes an error when it is told: that takes looking for its place and for the word that was meant. */
type Explanation = () => FleetError

function explain(
  issue: Issue,
  above: readonly PropertyKey[],
  document: FleetDocument,
  instead: readonly string[] = [],
): Explanation[] {
  const path = [...above, ...issue.path]
  const isThere = () => valueAt(document, path) !== undefined
  if (issue.code === 'invalid_union' && issue.errors.length && isThere())
    return explainUnion(issue.errors, path, document)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => () => unknownKey(key, path, document))
  if (issue.code === 'invalid_key')
    return issue.issues.map((inner) => () => {
      const what = `${nameOf(path, document)}: ${inner.message}`
      return new FleetError(what, { location: document.locateKey(path), fix: 'rename it' })
    })
  return [() => wrongValue(issue, path, document, issue.path.length === 1 ? instead : [])]
}

/** Explains what is wrong with the alternative that the author meant. */
function explainUnion(
  branches: readonly (readonly Issue[])[],
  path: readonly PropertyKey[],
  document: FleetDocument,
): Explanation[] {
  const value = valueAt(document, path)
  // Around each key of a pipeline stands another union: with null, which takes a default away.
  const node = schemaNodes(path).find(
    ({ anyOf }) => anyOf?.length === branches.length && !anyOf.some(({ type }) => type === 'null'),
  )
  const meant = branchMeant(value, node?.anyOf ?? [])
  if (meant.kind === 'none') return [() => noKind(meant.keys, value, path, document, node!)]
  if (meant.kind === 'several')
    return [
      () =>
        new FleetError(`${nameOf(path, document)} names both ${meant.keys.map(quoted).join(' and ')}`, {
          location: document.locateKey([...path, meant.keys[1]!]),
          fix: 'keep one of them',
        }),
    ]
  if (meant.kind === 'any') return bestBranch(branches).flatMap((inner) => explain(inner, path, document))
  const candidates = meant.branches.map((index) => branches[index]!)
  return bestBranch(candidates).flatMap((inner) => explain(inner, path, document, meant.instead))
}

/** A map that is told by a key, and has none of those that tell. */
function noKind(
  kinds: readonly string[],
  value: unknown,
  path: readonly PropertyKey[],
  document: FleetDocument,
  node: SchemaNode,
): FleetError {
  const known = keysOf(node)
  const stranger = Object.keys(value as object).find((key) => !known.includes(key))
  if (stranger !== undefined) return unknownKey(stranger, path, document, kinds)
  return new FleetError(`${nameOf(path, document)} has none of ${kinds.map(quoted).join(', ')}`, {
    location: document.locate(path),
    fix: 'add the one that is meant',
  })
}

const valueAt = (document: FleetDocument, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, key) => entryOf(at as Record<string, unknown> | undefined, String(key)),
    document.data,
  )

function wrongValue(
  issue: Issue,
  path: readonly PropertyKey[],
  document: FleetDocument,
  instead: readonly string[],
): FleetError {
  const value = valueAt(document, path)
  const name = nameOf(path, document)
  if ((issue.code === 'invalid_type' || issue.code === 'invalid_union') && value === undefined)
    return new FleetError(`${name || 'the file'} is missing`, {
      location: document.locate(path),
      fix: `add ${[String(path.at(-1) ?? 'fleet'), ...instead].map(quoted).join(', or ')}${described(path)}`,
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

function unknownKey(
  key: string,
  path: readonly PropertyKey[],
  document: FleetDocument,
  wanted?: readonly string[],
): FleetError {
  const known = schemaNodes(path).flatMap((node) => Object.keys(node.properties ?? {}))
  // Short words are all near each other, and a kind that there is not is no slip of one that there is.
  const meant = wanted ? nearest(key, wanted, Math.max(1, Math.floor(key.length / 3))) : nearest(key, known)
  const location = document.locateKey([...path, key])
  if (known.includes(key))
    return new FleetError(`\`${key}\` does not go with the rest of ${nameOf(path, document)}`, {
      location,
      fix: 'take it out, or what it does not go with',
    })
  return new FleetError(`unknown key \`${key}\` in ${nameOf(path, document) || 'the fleet file'}`, {
    location,
    fix: meant ? `write \`${meant}\`` : `use one of ${[...new Set(wanted ?? known)].map(quoted).join(', ')}`,
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
  const from = path.findLastIndex((key) => typeof key === 'string')
  return `change \`${inWords(path.slice(from))}\`${described(path)}`
}

/** The schema's own description of what stands at a path, in brackets. */
function described(path: readonly PropertyKey[]): string {
  const text = schemaNodes(path)
    .find((node) => node.description)
    ?.description?.split(BECOMES)[0]
  return text ? ` (${text})` : ''
}

/** The name of what stands at a path, where the file has it. */
const nameOf = (path: readonly PropertyKey[], document: FleetDocument): string =>
  inWords(document.origin(path))

/** Writes a path as one would say it: pipelines.orders.stages[1].environment. */
const inWords = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')

const quoted = (key: string): string => `\`${key}\``

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
