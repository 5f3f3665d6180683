/** Templates with one thing taken out of one policy. */
import type { PlacedTemplate } from '../../src/access/index.ts'

export interface Mutant {
  /** `Key.KeyPolicy Administer: action kms:TagResource`, with the stack before it. */
  readonly name: string
  readonly kind: 'statement' | 'action' | 'resource' | 'condition' | 'any resource' | 'whole account'
  readonly effect: 'Allow' | 'Deny'
  readonly stack: string
  readonly account: string
  readonly logicalId: string
  readonly sid?: string
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
  change: (statement: Tree, placed: PlacedTemplate) => Cut[],
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
  change: (statement: Tree, placed: PlacedTemplate) => Cut[],
): Generator<Mutant> {
  const placed = templates[place]!
  const whole = [...path, 'Statement']
  const found: Tree = at(placed.template.Resources[logicalId], whole)
  const slots = Array.isArray(found)
    ? found.flatMap((one, index) => slotsOf(one, [...whole, String(index)]))
    : slotsOf(found, whole)
  for (const [index, slot] of slots.entries()) {
    const statement: Tree = at(placed.template.Resources[logicalId], slot)
    for (const { kind, what, without, actions } of change(statement, placed)) {
      const mutated: Tree = structuredClone(placed.template)
      const rest = slots.length > 1 ? NOTHING : matchingNothing(statement)
      at(mutated.Resources[logicalId], slot.slice(0, -1))[slot.at(-1)!] = without ?? rest
      const sid = statement.Sid ?? `#${index + 1}`
      yield {
        name: `${placed.stack} ${placed.target.account} ${logicalId}.${path.at(-1)} ${sid}: ${kind} ${what}`,
        kind,
        effect: statement.Effect,
        stack: placed.stack,
        account: placed.target.account,
        logicalId,
        sid: statement.Sid,
        actions,
        templates: templates.with(place, { ...placed, template: mutated }),
      }
    }
  }
}

/** What CloudFormation takes out of a list. */
const NOTHING = { Ref: 'AWS::NoValue' }

/** The places of the statements: a condition of the template may stand before one. */
function slotsOf(value: Tree, path: readonly string[]): (readonly string[])[] {
  const branches: Tree[] | undefined = value?.['Fn::If']
  if (branches) return [1, 2].flatMap((one) => slotsOf(branches[one], [...path, 'Fn::If', String(one)]))
  return value?.Effect ? [path] : []
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

function cuts(statement: Tree, placed: PlacedTemplate): Cut[] {
  const actions: string[] = [statement.Action ?? []].flat()
  const without = (key: string, item: unknown): Tree => ({
    ...structuredClone(statement),
    [key]: [statement[key]].flat().filter((one: unknown) => one !== item),
  })
  const resources: unknown[] = [statement.Resource ?? []].flat().flatMap((one) => itemsOf(one, placed))
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
            without: { ...structuredClone(statement), Resource: resources.filter((other) => other !== one) },
            actions,
          }),
        )
      : []),
    ...conditionCuts(statement, actions),
  ]
}

/** The items that a list parameter, or text that is split, stands for. */
function itemsOf(value: Tree, placed: PlacedTemplate): unknown[] {
  const parameter = value?.Ref ?? (value?.['Fn::Split'] && referredIn(value['Fn::Split']))
  const given = placed.parametersFrom?.[parameter] ?? placed.parameters?.[parameter]?.split(',')
  if (!Array.isArray(given) || given.length < 2) return [value]
  return given.map((_, index) => ({ 'Fn::Select': [String(index), value] }))
}

/** The parameter that a value is made of. */
function referredIn(value: Tree): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (typeof value.Ref === 'string') return value.Ref
  return Object.values(value)
    .map(referredIn)
    .find((one) => one !== undefined)
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

function widenings(statement: Tree, placed: PlacedTemplate): Cut[] {
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
    ...principalWidenings(statement, placed, actions),
  ]
}

/** Principals of roles become their accounts; conditions that narrow an account to roles go. */
function principalWidenings(statement: Tree, placed: PlacedTemplate, actions: readonly string[]): Cut[] {
  const { AWS } = statement.Principal ?? {}
  if (AWS === undefined) return []
  const changed = structuredClone(statement)
  changed.Principal.AWS = Array.isArray(AWS)
    ? AWS.map((one) => wholeAccount(one, placed))
    : wholeAccount(AWS, placed)
  for (const operator of Object.keys(changed.Condition ?? {})) {
    delete changed.Condition[operator]['aws:PrincipalArn']
    if (!Object.keys(changed.Condition[operator]).length) delete changed.Condition[operator]
  }
  if (changed.Condition && !Object.keys(changed.Condition).length) delete changed.Condition
  if (JSON.stringify(changed) === JSON.stringify(statement)) return []
  return [{ kind: 'whole account', what: '', without: changed, actions }]
}

const ROLE = /^(arn:[^:]+:iam::[^:]+):role\/.*$/

/** Gives the account in the place of a role: named, made by the same template, or in a parameter. */
function wholeAccount(principal: Tree, { template, target, parameters }: PlacedTemplate): Tree {
  if (typeof principal === 'string') return principal.replace(ROLE, '$1:root')
  const text = principal?.['Fn::Sub']
  if (typeof text === 'string') return { 'Fn::Sub': text.replace(ROLE, '$1:root') }
  const made = principal?.['Fn::GetAtt']?.[0] ?? principal?.['Fn::GetAtt']?.split?.('.')[0]
  if (template.Resources[made]?.Type === 'AWS::IAM::Role') return `arn:aws:iam::${target.account}:root`
  const roles = parameters?.[principal?.Ref]?.split(',')
  return roles ? [...new Set(roles.map((role) => role.replace(ROLE, '$1:root')))] : principal
}
