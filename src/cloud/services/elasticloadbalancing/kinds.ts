/** The kinds of resources that Elastic Load Balancing keeps, each named by its ARN. */
import { type Arn, AwsError, formatArn, parseArn } from '../../../model/index.ts'
import type { AccessRequest } from '../../kernel/access-request.ts'
import type { Context } from '../../kernel/context.ts'
import { type ResourceKind, resourceKind } from '../../kernel/resource-kind.ts'
import type { Collection } from '../../kernel/store.ts'
import { tagsInRecord } from '../../kernel/tagging.ts'
import { type Tags, tagsProblem } from '../../kernel/tags.ts'
import { invalid } from './engine/refuse.ts'
import {
  type Listener,
  type LoadBalancer,
  listeners,
  loadBalancers,
  type Rule,
  rules,
  type TargetGroup,
  targetGroups,
} from './state.ts'

export const arnHere = ({ region, account }: Context, resource: string): Arn =>
  formatArn('elasticloadbalancing', region, account, resource)

interface Named {
  readonly arn: Arn
  readonly tags: Tags
}

interface Noun {
  /** What stands before the name in the ARN. */
  readonly prefix: string
  readonly noun: string
  readonly code: string
  /** AWS's sentence. */
  readonly absent: string
}

function kindOf<R extends Named>(table: Collection<R>, { prefix, noun, code, absent }: Noun) {
  return resourceKind({
    service: 'elasticloadbalancing',
    table,
    key: ({ arn }: R) => arn,
    found: (ctx, arn: Arn) => {
      const { service, resource = '' } = parseArn(arn) ?? {}
      if (service !== 'elasticloadbalancing' || !resource.startsWith(`${prefix}/`))
        throw invalid(`'${arn}' is not a valid ${noun} ARN`)
      return { record: ctx.table(table).get(arn), arn, account: ctx.account, region: ctx.region }
    },
    absent: () => new AwsError(code, absent),
    policy: 'none',
    tags: tagsInRecord<R>({
      join: joined,
      prefixes: ['aws:ResourceTag/', 'elasticloadbalancing:ResourceTag/'],
      creation: 'AddTags',
    }),
  })
}

/** Errors: DuplicateTagKeys, TooManyTags, ValidationError. */
function joined(present: Tags, given: readonly (readonly [string, string])[]): Tags {
  const keys = given.map(([key]) => key)
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice !== undefined)
    throw new AwsError(
      'DuplicateTagKeysException',
      `Cannot specify the same tag key more than once: ${twice}`,
    )
  const more = Object.fromEntries(given)
  const all = { ...present, ...more }
  if (Object.keys(all).length > 50)
    throw new AwsError('TooManyTagsException', 'The limit for the maximum number of tags is 50')
  const problem = tagsProblem(present, more)
  if (problem) throw invalid(problem)
  return all
}

export const loadBalancerKind = kindOf<LoadBalancer>(loadBalancers, {
  prefix: 'loadbalancer',
  noun: 'load balancer',
  code: 'LoadBalancerNotFoundException',
  absent: 'One or more load balancers not found',
})

export const targetGroupKind = kindOf<TargetGroup>(targetGroups, {
  prefix: 'targetgroup',
  noun: 'target group',
  code: 'TargetGroupNotFoundException',
  absent: 'One or more target groups not found',
})

export const listenerKind = kindOf<Listener>(listeners, {
  prefix: 'listener',
  noun: 'listener',
  code: 'ListenerNotFoundException',
  absent: 'One or more listeners not found',
})

export const ruleKind = kindOf<Rule>(rules, {
  prefix: 'listener-rule',
  noun: 'rule',
  code: 'RuleNotFoundException',
  absent: 'One or more rules not found',
})

/**
 * The permissions that making one takes. AWS: its id is not known yet, and who makes one with tags must be allowed to
 * add them, in the course of this operation.
 */
export function making<R extends object>(
  ctx: Context,
  kind: ResourceKind<R, Arn>,
  operation: string,
  { arn, tags }: { readonly arn: Arn; readonly tags: object | undefined },
): AccessRequest[] {
  const adds = kind.onNewTags(ctx, arn, tags).map((one) => ({
    ...one,
    context: { ...one.context, 'elasticloadbalancing:CreateAction': operation },
  }))
  return [kind.on(ctx, operation, arn), ...adds]
}

/** AWS: actions that describe are authorized on no resource. */
export const describing = (action: string) => (): AccessRequest[] => [
  { action: `elasticloadbalancing:${action}`, resource: '*' },
]

export const kinds = [loadBalancerKind, targetGroupKind, listenerKind, ruleKind]
