/**
 * The tables against what AWS says: the handlers' permissions in the registry schemas that each type names as its source
 * (`tests/cases/permissions/handlers.json`), and the resources that the Service Authorization Reference has each action
 * authorized on (`authorization.json`, as of 2026-09-26).
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { handledType, handledTypes } from './index.ts'
import type { HandledType, PermissionGrant } from './type-facts.ts'

const PHASES = ['create', 'read', 'update', 'delete', 'tag'] as const
type Handler = 'create' | 'read' | 'update' | 'delete'

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(`tests/cases/permissions/${name}.json`, 'utf8')) as T

const handlers = read<Record<string, { source: string } & Partial<Record<Handler, string[]>>>>('handlers')
/** Reason → type → actions of its handlers that are not granted. */
const leftOut = read<Record<string, Record<string, string[]>>>('left-out')
const authorization = read<{ arns: string[]; actions: string[] }[]>('authorization')
const arnsOf = new Map(authorization.flatMap(({ arns, actions }) => actions.map((action) => [action, arns])))

/** Types whose schema in CloudFormation's registry has no handlers, or that call nothing. */
const WITHOUT_HANDLERS = [
  'AWS::AppSync::GraphQLSchema',
  'AWS::CDK::Metadata',
  'AWS::CloudFormation::CustomResource',
  'AWS::CloudFormation::WaitCondition',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::CodeBuild::Project',
  'AWS::CodeBuild::ReportGroup',
  'AWS::CodeBuild::SourceCredential',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::ElasticLoadBalancingV2::ListenerCertificate',
  'AWS::IAM::AccessKey',
  'AWS::Route53::RecordSetGroup',
]

/** Pairs that the reference and the service do not agree on, and what is known of them. */
const BESIDE_REFERENCE: Readonly<Record<string, string>> = {
  'logs:DescribeLogGroups': 'denials name `log-group::log-stream:`, though the reference has no resource',
  'cloudwatch:GetMetricData': 'metrics have no ARN; a data set is one of several places they may lie in',
}

const granted = (grant: PermissionGrant, phases: readonly (typeof PHASES)[number][] = PHASES): string[] =>
  phases.flatMap((phase) => grant[phase] ?? [])

function actionsOf({ grants, passes, looksAtRoles }: HandledType): Set<string> {
  return lower([
    ...grants.flatMap((grant) => granted(grant)),
    ...(passes ? ['iam:PassRole'] : []),
    ...(looksAtRoles ? ['iam:GetRole'] : []),
  ])
}

/** AWS: action names do not tell upper from lower case. */
const lower = (actions: readonly string[]): Set<string> =>
  new Set(actions.map((action) => action.toLowerCase()))

const declared = (type: string, names: readonly Handler[] = ['create', 'read', 'update', 'delete']) =>
  lower(names.flatMap((name) => handlers[type]?.[name] ?? []))

/** Whether an action is in a set that may have patterns. */
const isIn = (action: string, set: ReadonlySet<string>): boolean =>
  set.has(action) || [...set].some((one) => one.endsWith('*') && action.startsWith(one.slice(0, -1)))

/** Whether two patterns with `*` have a text in common. */
function overlap(a: string, b: string): boolean {
  if (!a || !b) return (a + b).replaceAll('*', '') === ''
  if (a[0] === '*') return overlap(a.slice(1), b) || overlap(a, b.slice(1))
  if (b[0] === '*') return overlap(a, b.slice(1)) || overlap(a.slice(1), b)
  return a[0] === b[0] && overlap(a.slice(1), b.slice(1))
}

const patternOf = (on: string): string =>
  on
    .replace(/^\{key:.+\}$/, 'arn:aws:kms:*:*:key/*')
    .replace(/^\{object:.+\}$/, 'arn:aws:s3:::*/*')
    .replace(/\{[^}]+\}/g, '*')
    .replace(/\*+/g, '*')

const registered = Object.keys(handlers)

it('every type has been read, and says where', () => {
  expect([...registered, ...WITHOUT_HANDLERS].sort()).toEqual(handledTypes())
  for (const type of registered) expect(handledType(type)!.source).toBe(handlers[type]!.source)
})

describe('every action is declared by a handler of the type, or says why it is granted', () => {
  it.each(registered)('%s', (type) => {
    const all = declared(type)
    for (const grant of handledType(type)!.grants)
      for (const action of granted(grant))
        expect.soft(isIn(action.toLowerCase(), all), action).toBe(!grant.undeclared)
  })
})

describe('every action that a handler declares is granted, or left out with a reason', () => {
  const without = new Map<string, string[]>()
  for (const [reason, types] of Object.entries(leftOut))
    for (const [type, actions] of Object.entries(types)) {
      expect(reason.length).toBeGreaterThan(20)
      without.set(type, [...(without.get(type) ?? []), ...actions])
    }

  it.each(registered)('%s', (type) => {
    const ours = actionsOf(handledType(type)!)
    const missing = [...declared(type)].filter(
      (action) =>
        !ours.has(action) &&
        !(action.endsWith('*') && [...ours].some((one) => one.startsWith(action.slice(0, -1)))),
    )
    expect(missing.sort()).toEqual([...lower(without.get(type) ?? [])].sort())
  })
})

describe('what only the delete handler declares may be called on a resource that left the template', () => {
  it.each(registered)('%s', (type) => {
    const permissions = handledType(type)!
    const ours = actionsOf(permissions)
    const later = lower(permissions.grants.flatMap((grant) => granted(grant, ['read', 'delete', 'tag'])))
    const others = declared(type, ['create', 'update'])
    const early = [...declared(type, ['delete'])].filter(
      (action) => ours.has(action) && !others.has(action) && !later.has(action),
    )
    expect(early).toEqual([])
  })
})

describe('every action is granted on what AWS authorizes it on', () => {
  it.each(handledTypes())('%s', (type) => {
    for (const grant of handledType(type)!.grants)
      for (const action of granted(grant)) {
        const arns = arnsOf.get(action)
        expect.soft(arns, `${action} is no action`).toBeDefined()
        if (!arns || action in BESIDE_REFERENCE) continue
        const pattern = patternOf(grant.on)
        const fits = arns.length
          ? arns.some((arn) => pattern !== '*' && overlap(pattern, arn))
          : pattern === '*'
        expect
          .soft(fits, `${action} on ${grant.on}: authorized on ${arns.join(', ') || 'no resource'}`)
          .toBe(true)
      }
  })
})
