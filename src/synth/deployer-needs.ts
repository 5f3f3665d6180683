/**
 * What whoever deploys the fleet's own stacks must be allowed: `crossdock deploy` calls CloudFormation, and CloudFormation
 * makes each resource with the same credentials, because the stacks have no role of their own.
 */
import {
  type Arn,
  type AssemblyStack,
  entryOf,
  FLEET_TAG,
  formatArn,
  type Need,
  type PolicyStatement,
  parseArn,
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

function callNeeds({ name, target, template, templateBucket }: AssemblyStack, { as }: Deployer): Need[] {
  const principal = as(target.account)
  const resource = formatArn('cloudformation', target.region, target.account, `stack/${name}/*`)
  const isWithPipeline = Object.values(template.Resources).some(({ Type }) => Type === PIPELINE)
  return [
    ...CALLS.map((call) => ({ principal, action: `cloudformation:${call}`, resource, ...deploying })),
    // AWS: the stack that has the name of a pipeline is asked for on any stack; without it CloudFormation tells, half way.
    ...(isWithPipeline ? [{ ...asking(principal), action: 'cloudformation:DescribeStackResources' }] : []),
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

function resourceNeeds(
  { name, target, template, tags }: AssemblyStack,
  { fleet, as }: Deployer,
  more: (type: string, needs: readonly Need[]) => readonly Need[] = () => [],
): Need[] {
  const { needs } = executionNeeds(as(target.account), {
    ...{ template, parameters: {}, ...target, stack: name },
    tagged: Object.keys(tags).length > 0,
  })
  const typeOf = ({ origin }: Need): string =>
    (origin?.kind === 'resource' && template.Resources[origin.logicalId ?? '']?.Type) || ''
  const told = needs
    .filter((need) => !isElsewhere(need, target.account))
    .map((need): Need => {
      const { principal, action, resource, phase } = need
      const type = typeOf(need)
      const purpose = type ? `to manage each ${type} of the fleet` : deploying.because
      return {
        ...{ principal, action, resource, phase },
        ...contextOf(need, fleet),
        ...reason({ kind: 'purpose', purpose }),
      }
    })
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type))
  const own = (type: string) =>
    told.filter(({ because }) => because === `to manage each ${type} of the fleet`)
  return [...told, ...[...types].flatMap((type) => more(type, own(type)))]
}

/**
 * Gives what resources of a type would take besides, if they had other properties: grants on the ARNs that the ones
 * which every resource takes are on.
 */
function otherProperties(type: string, needs: readonly Need[]): Need[] {
  const { grants = [] } = handledType(type) ?? {}
  const always = grants.filter(({ when, refers }) => !when && !refers)
  return grants
    .filter(({ when, refers }) => when && !refers)
    .flatMap((grant) => {
      const beside = always.find(({ on }) => on === grant.on && on !== '*')
      if (!beside) return []
      const [like] = actionsOf(beside)
      return needs
        .filter(({ action }) => action === like)
        .flatMap((need) => actionsOf(grant).map((action) => ({ ...need, action })))
    })
}

const actionsOf = (grant: PermissionGrant): string[] =>
  [grant.create, grant.read, grant.update, grant.delete, grant.tag].flatMap((actions) => actions ?? [])

/** AWS: a role is passed on within its account only, and looked at by those who are let in there; CodePipeline tries whether it may assume it. */
const isElsewhere = ({ resource }: Need, account: string): boolean => {
  const arn = parseArn(resource)
  return arn?.service === 'iam' && arn.account !== account && arn.account !== 'aws'
}

/**
 * Things whose names AWS makes up are told by the tag of the fleet, which CloudFormation puts on them as it makes them.
 * AWS: at that moment, when the tag is asked for, it is not on them yet.
 */
function contextOf({ action, resource, context }: Need, fleet: string): Pick<Need, 'context'> {
  if (!/:(key|connection)\/\*$/.test(resource) || action.endsWith(':TagResource'))
    return context ? { context } : {}
  return { context: { ...context, [`aws:ResourceTag/${FLEET_TAG}`]: fleet } }
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
 * Gives the statements by which one of those who deploy may deploy the stacks: what they need, and the same in other
 * regions, for things to come, and for other properties of what there is.
 */
export function deployerStatements(
  stacks: readonly AssemblyStack[],
  deployer: Deployer,
  principal: Arn,
  growth: Growth,
): PolicyStatement[] {
  const taken = new Set<string>()
  const own = stacks.filter(({ target }) => deployer.as(target.account) === principal)
  const wide = [
    ...own.flatMap((stack) => [
      ...callNeeds(stack, deployer),
      ...resourceNeeds(stack, deployer, otherProperties),
    ]),
    ...listingNeeds(own, deployer),
  ].flatMap((need) => widened(need.resource, growth).map((resource): Need => ({ ...need, resource })))
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
