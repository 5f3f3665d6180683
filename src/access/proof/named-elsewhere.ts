/** Denials whose cause is a name: the action names what nobody makes, and a statement allows what somebody does. */
import { type AuthorizationRequest, type NearMiss, policyName, statementNumber } from '../../iam/index.ts'
import { type Arn, formatArn, isSamePolicy, parseArn } from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import type { Origin } from '../landscape/placed-template.ts'
import type { FoundCaller } from './callers.ts'
import type { Remedy } from './proof.ts'
import { withoutSamples } from './samples.ts'

/**
 * Gives what to do where a role may use one thing that stands, and its action names another of the same kind that no
 * template makes; undefined where the permission itself is missing. A statement for the other thing would widen the role
 * and leave the cause.
 */
export function namedElsewhere(
  { caller, resource }: AuthorizationRequest,
  misses: readonly NearMiss[],
  { role }: FoundCaller,
  landscape: Landscape,
): Remedy | undefined {
  if (!landscape.open || isMade(resource, landscape) || landscape.standIns.in(resource).length)
    return undefined
  for (const miss of misses) {
    if (miss.failed !== 'resource' || miss.policyType !== 'identity-based policy') continue
    const located = role?.policies.find(({ policy }) => isSamePolicy(policy.ref, miss.policy))
    const source = located && [located.policy.document.Statement].flat()[miss.index]
    const meant = [source?.Resource ?? []]
      .flat()
      .find((one) => isOfKind(one, resource) && isMade(one, landscape))
    if (!meant) continue
    const name = thingIn(meant)
    const origin = placeOfPipeline(caller.principalArn, landscape)
    return {
      belongsIn: 'declaration of the pipeline',
      ...(origin && { origin }),
      advice: withoutSamples(
        `Name ${name} where the pipeline names ${thingIn(resource)}, which no template makes: ${statementNumber(miss)} of the ${policyName(miss.policy)} allows the former. Or, where the latter is meant, give the template that makes it and name it in that statement.`,
      ),
    }
  }
  return undefined
}

/** Objects are their bucket's. */
const thingIn = (arn: Arn): Arn => (parseArn(arn)?.service === 's3' ? arn.split('/')[0]! : arn)

/** AWS: `role/…`, `function:…`, `project/…`: what stands before the name tells the kind. */
const kindOf = (arn: Arn): string => {
  const { service = '', resource = '' } = parseArn(arn) ?? {}
  return `${service} ${service === 's3' ? '' : (/^[\w-]+(?=[:/])/.exec(resource)?.[0] ?? '')}`
}

const isOfKind = (one: Arn, other: Arn): boolean =>
  kindOf(one) === kindOf(other) && thingIn(one) !== thingIn(other)

function isMade(
  arn: Arn,
  { roles, buckets, keys, projects, functions, topics, made, pipelines }: Landscape,
): boolean {
  const thing = thingIn(arn)
  const { service, resource = '' } = parseArn(thing) ?? {}
  if (service === 's3') return buckets.has(resource)
  return (
    [roles, keys, projects, functions].some((known: ReadonlyMap<Arn, unknown>) => known.has(thing)) ||
    [topics, made].some((known) => known?.has(thing)) ||
    pipelines.some(
      ({ account, region, declaration }) =>
        formatArn('codepipeline', region, account, declaration.name) === thing,
    )
  )
}

const placeOfPipeline = (role: Arn, { pipelines }: Landscape): Origin | undefined =>
  pipelines.find(
    ({ declaration }) =>
      declaration.roleArn === role ||
      declaration.stages.some(({ actions }) => actions.some(({ roleArn }) => roleArn === role)),
  )?.origin
