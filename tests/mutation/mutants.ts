/** Templates with one thing taken out of one policy. */
import type { PlacedTemplate } from '../../src/access/index.ts'

export interface Mutant {
  /** `Key.KeyPolicy: statement "Administer" dropped`, with the stack before it. */
  readonly name: string
  readonly kind: 'statement' | 'action' | 'resource' | 'condition'
  readonly effect: 'Allow' | 'Deny'
  readonly stack: string
  readonly logicalId: string
  /** Action that was taken out, or those of the statement that was changed. */
  readonly actions: readonly string[]
  /** All templates, the changed one in its place. */
  readonly templates: readonly PlacedTemplate[]
}

// biome-ignore lint/suspicious/noExplicitAny: templates are trees of anything
type Tree = any

/** Properties that hold a policy document, wherever they stand in a resource. */
const DOCUMENTS = new Set([
  'AssumeRolePolicyDocument',
  'PolicyDocument',
  'KeyPolicy',
  'RepositoryPolicyText',
  'ResourcePolicy',
])

/** Gives every mutant of a set of templates: each statement, action, resource and condition taken out once. */
export function* mutantsOf(templates: readonly PlacedTemplate[]): Generator<Mutant> {
  for (const [place, placed] of templates.entries())
    for (const logicalId of Object.keys(placed.template.Resources))
      for (const path of documentPaths(placed.template.Resources[logicalId], []))
        yield* mutantsOfDocument(templates, place, logicalId, path)
}

function* documentPaths(value: Tree, path: readonly string[]): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    const own = [...path, key]
    if (DOCUMENTS.has(key) && (item as Tree)?.Statement) yield own
    else yield* documentPaths(item, own)
  }
}

function* mutantsOfDocument(
  templates: readonly PlacedTemplate[],
  place: number,
  logicalId: string,
  path: readonly string[],
): Generator<Mutant> {
  const placed = templates[place]!
  const document: Tree = at(placed.template.Resources[logicalId], path)
  const statements: Tree[] = [document.Statement].flat()
  for (const [index, statement] of statements.entries())
    for (const { kind, what, without, actions } of cuts(statement)) {
      const changed: Tree = structuredClone(placed.template)
      const target: Tree = at(changed.Resources[logicalId], path)
      const list = [target.Statement].flat()
      if (without === undefined) list.splice(index, 1)
      else list[index] = without
      target.Statement = list
      const sid = statement.Sid ?? `#${index + 1}`
      yield {
        name: `${placed.stack} ${placed.target.account} ${logicalId}.${path.at(-1)} ${sid}: ${kind} ${what} dropped`,
        kind,
        effect: statement.Effect,
        stack: placed.stack,
        logicalId,
        actions,
        templates: templates.with(place, { ...placed, template: changed }),
      }
    }
}

const at = (value: Tree, path: readonly string[]): Tree => path.reduce((inner, key) => inner[key], value)

interface Cut {
  readonly kind: Mutant['kind']
  readonly what: string
  /** The statement that remains; absent when it goes whole. */
  readonly without?: Tree
  readonly actions: readonly string[]
}

function cuts(statement: Tree): Cut[] {
  const actions: string[] = [statement.Action ?? []].flat()
  const without = (key: string, item: unknown): Tree => ({
    ...structuredClone(statement),
    [key]: [statement[key]].flat().filter((one: unknown) => one !== item),
  })
  const resources: unknown[] = [statement.Resource ?? []].flat()
  return [
    { kind: 'statement', what: statement.Sid ?? '', actions },
    ...(actions.length > 1
      ? actions.map(
          (one): Cut => ({ kind: 'action', what: one, without: without('Action', one), actions: [one] }),
        )
      : []),
    ...(resources.length > 1
      ? resources.map(
          (one): Cut => ({
            kind: 'resource',
            what: JSON.stringify(one),
            without: without('Resource', one),
            actions,
          }),
        )
      : []),
    ...conditionCuts(statement, actions),
  ]
}

function conditionCuts(statement: Tree, actions: readonly string[]): Cut[] {
  return Object.entries((statement.Condition ?? {}) as Record<string, Tree>).flatMap(([operator, keys]) =>
    Object.keys(keys).map((key): Cut => {
      const changed = structuredClone(statement)
      delete changed.Condition[operator][key]
      if (!Object.keys(changed.Condition[operator]).length) delete changed.Condition[operator]
      if (!Object.keys(changed.Condition).length) delete changed.Condition
      return { kind: 'condition', what: `${operator} ${key}`, without: changed, actions }
    }),
  )
}
