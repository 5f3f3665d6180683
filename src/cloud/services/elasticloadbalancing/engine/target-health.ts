/** What is known of a target's health: in memory, found out anew when the cloud starts. */
import type { Output } from '../../../kernel/api.ts'
import { part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { rules, rulesUsing, type Target, type TargetGroup, targetKey } from '../state.ts'

type View = NonNullable<
  Output<'elasticloadbalancing', 'DescribeTargetHealth'>['TargetHealthDescriptions']
>[number]
export type TargetHealth = NonNullable<View['TargetHealth']>

/** What a check found. */
export type Finding = 'passed' | Pick<TargetHealth, 'Reason' | 'Description'>

export interface Health {
  readonly state: 'initial' | 'healthy' | 'unhealthy'
  /** Why it is unhealthy. */
  readonly why?: Pick<TargetHealth, 'Reason' | 'Description'>
  /** Checks of one outcome that came one after the other. */
  readonly passed: number
  readonly failed: number
}

export const INITIAL: Health = { state: 'initial', passed: 0, failed: 0 }

export const healthStates = part({
  name: 'health of targets',
  make: () => new Map<string, Health>(),
})

/**
 * Gives the health after one more check. AWS: a new target is healthy after its first success, an unhealthy one after as
 * many as the threshold says, and unhealthy is what fails as often as that threshold says.
 */
export function afterCheck(
  before: Health,
  finding: Finding,
  {
    healthyThreshold,
    unhealthyThreshold,
  }: Pick<TargetGroup['healthCheck'], 'healthyThreshold' | 'unhealthyThreshold'>,
): Health {
  if (finding === 'passed') {
    const passed = before.passed + 1
    const enough = before.state !== 'unhealthy' || passed >= healthyThreshold
    return enough ? { state: 'healthy', passed, failed: 0 } : { ...before, passed, failed: 0 }
  }
  const failed = before.failed + 1
  const enough = before.state === 'unhealthy' || failed >= unhealthyThreshold
  return enough
    ? { state: 'unhealthy', why: finding, passed: 0, failed }
    : { state: before.state, passed: 0, failed }
}

/** Whether some rule leads to the group. */
export const isInUse = (ctx: Context, { arn }: Pick<TargetGroup, 'arn'>): boolean =>
  ctx.table(rules).where(rulesUsing, arn).length > 0

/** AWS: the states and reasons of DescribeTargetHealth, in its words. */
export function healthOf(ctx: Context, group: TargetGroup, target: Target | undefined): TargetHealth {
  if (!target)
    return {
      State: 'unused',
      Reason: 'Target.NotRegistered',
      Description: 'Target is not registered to the target group',
    }
  if (target.deregistered !== undefined)
    return {
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
      Description: 'Target deregistration is in progress',
    }
  if (!isInUse(ctx, group))
    return {
      State: 'unused',
      Reason: 'Target.NotInUse',
      Description: 'Target group is not configured to receive traffic from the load balancer',
    }
  if (!group.healthCheck.enabled)
    return {
      State: 'unavailable',
      Reason: 'Target.HealthCheckDisabled',
      Description: 'Health checks are not enabled for this target',
    }
  const { state, why, failed } = ctx.cloud.part(healthStates).get(targetKey(target)) ?? INITIAL
  if (state === 'healthy') return { State: state }
  if (state === 'unhealthy') return { State: state, ...why }
  return failed
    ? {
        State: state,
        Reason: 'Elb.InitialHealthChecking',
        Description: 'Initial health checks in progress',
      }
    : {
        State: state,
        Reason: 'Elb.RegistrationInProgress',
        Description: 'Target registration is in progress',
      }
}
