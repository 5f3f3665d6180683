/** Templates with one thing taken out of one policy. */
import type { PlacedTemplate } from '../../src/access/index.ts'

export interface Mutant {
  /** `Key.KeyPolicy Administer: action kms:TagResource`, with the stack before it. */
  readonly name: string
  readonly kind: 'statement' | 'action' | 'resource' | 'condition' | 'any resource' | 'whole account'
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
export const mutantsOf = (templates: readonly PlacedTemplate[]): Generator<Mutant> => changed(templates, cuts)

/** Gives every mutant that grants more: each resource widened to `*`, each principal to its whole account. */
export const widenedOf = (templates: readonly PlacedTemplate[]): Generator<Mutant> =>
  changed(templates, widenings)

function* changed(
  templates: readonly PlacedTemplate[],
  change: (statement: Tree) => Cut[],
): Generator<Mutant> {
  for (const [place, placed] of templates.entries())
    for (const logicalId of Object.keys(placed.template.Resources))
      for (const path of documentPaths(placed.template.Resources[logicalId], []))
        yield* mutantsOfDocument(templates, { place, logicalId, path }, change)
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
  { place, logicalId, path }: { place: number; logicalId: string; path: readonly string[] },
  change: (statement: Tree) => Cut[],
): Generator<Mutant> {
  const placed = templates[place]!
  const document: Tree = at(placed.template.Resources[logicalId], path)
  const statements: Tree[] = [document.Statement].flat()
  for (const [index, statement] of statements.entries())
    for (const { kind, what, without, actions } of change(statement)) {
      const mutated: Tree = structuredClone(placed.template)
      const target: Tree = at(mutated.Resources[logicalId], path)
      const list = [target.Statement].flat()
      if (without !== undefined) list[index] = without
      else if (list.length > 1) list.splice(index, 1)
      else list[index] = matchingNothing(statement)
      target.Statement = list
      const sid = statement.Sid ?? `#${index + 1}`
      yield {
        name: `${placed.stack} ${placed.target.account} ${logicalId}.${path.at(-1)} ${sid}: ${kind} ${what}`,
        kind,
        effect: statement.Effect,
        stack: placed.stack,
        logicalId,
        actions,
        templates: templates.with(place, { ...placed, template: mutated }),
      }
    }
}

/** AWS refuses a policy without statements, so the only one gives way to one that speaks of nobody. */
const matchingNothing = (statement: Tree): Tree => ({
  ...structuredClone(statement),
  Effect: 'Deny',
  Condition: { StringEquals: { 'aws:PrincipalArn': 'nobody' } },
})

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

function widenings(statement: Tree): Cut[] {
  if (statement.Effect !== 'Allow') return []
  const actions: string[] = [statement.Action ?? []].flat()
  const resources: unknown[] = [statement.Resource ?? []].flat()
  return [
    ...(resources.length && !resources.includes('*')
      ? [
          {
            kind: 'any resource' as const,
            what: '',
            without: { ...structuredClone(statement), Resource: '*' },
            actions,
          },
        ]
      : []),
    ...principalWidenings(statement, actions),
  ]
}

/** Principals of other roles become their accounts; conditions that narrow an account to roles go. */
function principalWidenings(statement: Tree, actions: readonly string[]): Cut[] {
  const principals: unknown[] = [statement.Principal?.AWS ?? []].flat()
  if (!principals.length) return []
  const changed = structuredClone(statement)
  const whole = (one: unknown) =>
    typeof one === 'string' ? one.replace(/^(arn:aws:iam::\d{12}):role\/.*$/, '$1:root') : one
  const { AWS } = statement.Principal
  changed.Principal.AWS = Array.isArray(AWS) ? AWS.map(whole) : whole(AWS)
  for (const operator of Object.keys(changed.Condition ?? {})) {
    delete changed.Condition[operator]['aws:PrincipalArn']
    if (!Object.keys(changed.Condition[operator]).length) delete changed.Condition[operator]
  }
  if (changed.Condition && !Object.keys(changed.Condition).length) delete changed.Condition
  if (JSON.stringify(changed) === JSON.stringify(statement)) return []
  return [{ kind: 'whole account', what: '', without: changed, actions }]
}
