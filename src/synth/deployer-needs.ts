/**
 * What whoever deploys the fleet's own stacks must be allowed: `crossdock deploy` calls CloudFormation, and CloudFormation
 * makes each resource with the same credentials, because the stacks have no role of their own.
 */
import { expandText } from '../fleet/index.ts'
import {
  type Arn,
  type AssemblyStack,
  entryOf,
  FLEET_TAG,
  formatArn,
  type Need,
  type PolicyStatement,
  parseArn,
  type Target,
} from '../model/index.ts'
import { isSameContext, reason } from '../pipeline/index.ts'
import { handledType, type PermissionGrant } from '../template/index.ts'
import { executionNeeds } from './permissions/execution-needs.ts'
import { mergeNeeds, sidOf, statementOf } from './statements.ts'

/** Stacks of one account and region up to which each is looked for by its name, as `deploy` does. */
const FEW = 8

export interface Deployer {
  readonly fleet: string
  /** Who deploys, in each account. */
  as(account: string): Arn
  /** The boundary of every role that is made, where the fleet has one: no role is made, or given anything, without it. */
  readonly boundary?: string
  /** Whether it is a person, who makes pipelines too: whether their names are taken is looked up among all stacks. */
  readonly isPerson?: boolean
}

/** Gives what deploying the stacks calls, each once: to make them, to change them, and to clear away one that failed. */
export function deployerNeeds(stacks: readonly AssemblyStack[], deployer: Deployer): Need[] {
  const needs = [
    ...stacks.flatMap((stack) => [...callNeeds(stack, deployer), ...resourceNeeds(stack, deployer)]),
    ...listingNeeds(stacks, deployer),
  ]
  return distinct(needs)
}

const PIPELINE = 'AWS::CodePipeline::Pipeline'

const CALLS = [
  'CreateChangeSet',
  'DeleteChangeSet',
  'DeleteStack',
  'DescribeChangeSet',
  'DescribeStackEvents',
  'DescribeStacks',
  'ExecuteChangeSet',
]

const deploying = reason({ kind: 'purpose', purpose: 'to deploy the stacks of the fleet' })
const sending = reason({ kind: 'purpose', purpose: 'to hand over large templates' })

function callNeeds(
  { name, target, template, templateBucket }: AssemblyStack,
  { as, isPerson }: Deployer,
): Need[] {
  const principal = as(target.account)
  const resource = formatArn('cloudformation', target.region, target.account, `stack/${name}/*`)
  const isWithPipeline = Object.values(template.Resources).some(({ Type }) => Type === PIPELINE)
  return [
    ...CALLS.map((call) => ({ principal, action: `cloudformation:${call}`, resource, ...deploying })),
    // AWS: the stack that has the name of a pipeline is asked for on any stack; without it CloudFormation tells, half way.
    ...(isPerson && isWithPipeline
      ? [{ ...asking(principal), action: 'cloudformation:DescribeStackResources' }]
      : []),
    // AWS: CloudFormation fetches a template from a bucket with the credentials of whoever hands it over.
    ...(templateBucket === undefined
      ? []
      : ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'].map((action) => ({
          principal,
          action,
          resource: formatArn('s3', '', '', `${templateBucket}/${name}/*`),
          ...sending,
        }))),
  ]
}

/** What is asked of all stacks, and can be gone without. */
const asking = (principal: Arn) => ({
  ...{ principal, resource: '*', optional: true as const },
  ...reason({ kind: 'purpose', purpose: 'to ask which stacks there are' }),
})

/** AWS: a listing is a permission on every stack; without it the stacks are looked for one by one. */
function listingNeeds(stacks: readonly AssemblyStack[], { as }: Deployer): Need[] {
  const counts = new Map<string, number>()
  for (const { target } of stacks) {
    const place = `${target.account} ${target.region}`
    counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  return [...counts].flatMap(([place, count]) =>
    count > FEW ? { ...asking(as(place.split(' ')[0]!)), action: 'cloudformation:DescribeStacks' } : [],
  )
}

function resourceNeeds({ name, target, template, tags }: AssemblyStack, deployer: Deployer): Need[] {
  const { needs } = executionNeeds(deployer.as(target.account), {
    ...{ template, parameters: {}, ...target, stack: name },
    tagged: Object.keys(tags).length > 0,
  })
  return needs.flatMap((need) => {
    if (isElsewhere(need, target.account) || isNeverCalled(need, deployer)) return []
    const { principal, action, resource, phase, origin } = need
    const type = origin?.kind === 'resource' ? template.Resources[origin.logicalId ?? '']?.Type : undefined
    const purpose = type === undefined ? deploying.because : `to manage each ${type} of the fleet`
    const told = {
      principal,
      resource,
      phase,
      context: need.context,
      ...reason({ kind: 'purpose', purpose }),
    }
    return [action, ...actionsToCome(type, action)].map((one) => {
      const called = { ...told, action: one }
      return { ...called, context: contextOf(called, target, deployer) }
    })
  })
}

/** A fleet's keys are never disabled, nor is their rotation: their policies let nobody do that. */
const NEVER_CALLED: ReadonlySet<string> = new Set([
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
])

/** Nobody takes the boundary off, who has to make roles within it. */
const isNeverCalled = ({ action }: Need, { boundary }: Deployer): boolean =>
  NEVER_CALLED.has(action) || (boundary !== undefined && action === 'iam:DeleteRolePermissionsBoundary')

/** Properties that resources come to have when the fleet file gets a key more: `keepArtifacts`, `emails` … */
const PROPERTIES_TO_COME: Readonly<Record<string, readonly string[]>> = {
  'AWS::CodeBuild::Project': ['Triggers'],
  'AWS::IAM::Role': ['ManagedPolicyArns'],
  'AWS::S3::Bucket': ['LifecycleConfiguration'],
  'AWS::SNS::Topic': ['Subscription'],
}

/** What such a property takes, on what the first action is called on that every resource of the type takes. */
function actionsToCome(type: string | undefined, action: string): string[] {
  const properties = type === undefined ? undefined : entryOf(PROPERTIES_TO_COME, type)
  const { grants = [] } = (properties && handledType(type!)) || {}
  const first = grants.find(({ when }) => !when)
  if (!first || actionsOf(first)[0] !== action) return []
  return grants
    .filter(({ when, on }) => on === first.on && when?.some((one) => properties?.includes(one)))
    .flatMap(actionsOf)
}

const actionsOf = (grant: PermissionGrant): string[] =>
  [grant.create, grant.read, grant.update, grant.delete, grant.tag].flatMap((actions) => actions ?? [])

/** AWS: a role is passed on within its account only, and looked at by those who are let in there; CodePipeline tries whether it may assume it. */
const isElsewhere = ({ resource }: Need, account: string): boolean => {
  const arn = parseArn(resource)
  return arn?.service === 'iam' && arn.account !== account && arn.account !== 'aws'
}

/** AWS: the actions on roles that tell the boundary which the role has, or gets. */
const TELLING_BOUNDARY: ReadonlySet<string> = new Set([
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
])

/**
 * Things whose names AWS makes up are told by the tag of the fleet, which CloudFormation puts on them as it makes them.
 * AWS: at that moment, when the tag is asked for, it is not on them yet.
 */
function contextOf(
  { action, resource, context }: Pick<Need, 'action' | 'resource' | 'context'>,
  { account }: Target,
  { fleet, boundary }: Deployer,
): Need['context'] {
  if (boundary !== undefined && TELLING_BOUNDARY.has(action))
    return { ...context, 'iam:PermissionsBoundary': expandText(boundary, { account }) }
  if (!/:(key|connection)\/\*$/.test(resource) || action.endsWith(':TagResource')) return context
  return { ...context, [`aws:ResourceTag/${FLEET_TAG}`]: fleet }
}

function distinct(needs: readonly Need[]): Need[] {
  const known = new Map<string, Need[]>()
  return needs.filter((need) => {
    const key = `${need.principal} ${need.action} ${need.resource}`
    const others = known.get(key) ?? []
    if (others.some((other) => isSameContext(other.context, need.context))) return false
    known.set(key, [...others, need])
    return true
  })
}

/** How far statements go beyond what is there today, so that they hold for the fleet file after it has grown. */
export interface Growth {
  /** What the names of pipelines' things begin with: whatever goes on behind a hyphen is meant too. */
  readonly beginnings: readonly string[]
  /** Stacks that a stack may be joined by. */
  readonly beside: Readonly<Record<string, readonly string[]>>
}

/**
 * Gives the statements by which one of those who deploy may deploy the stacks: what is needed, and the same in other
 * regions and for things to come.
 */
export function deployerStatements(
  stacks: readonly AssemblyStack[],
  deployer: Deployer,
  principal: Arn,
  growth: Growth,
): PolicyStatement[] {
  const taken = new Set<string>()
  const own = stacks.filter(({ target }) => deployer.as(target.account) === principal)
  const wide = deployerNeeds(own, deployer).flatMap((need) =>
    widened(need.resource, growth).map((resource): Need => ({ ...need, resource })),
  )
  return mergeNeeds(distinct(wide)).map((grant) => statementOf(grant, sidOf(grant, taken)))
}

function widened(resource: Arn, { beginnings, beside }: Growth): Arn[] {
  const arn = parseArn(resource)
  if (!arn) return [resource]
  const parts = arn.resource.split(/([/:])/).map((part) => {
    const known = beginnings.filter((one) => part.startsWith(`${one}-`)).sort((a, b) => b.length - a.length)
    return known.length ? `${known[0]}-*` : part
  })
  const all = [parts, ...(entryOf(beside, parts[2] ?? '') ?? []).map((name) => parts.with(2, name))]
  return all.map((some) => formatArn(arn.service, arn.region && '*', arn.account, some.join('')))
}
