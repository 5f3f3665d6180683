/** The lifecycle events of deployments, in their order. */
import type { Arn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Deployment, GroupSettings, LifecycleEvent, Platform } from '../state.ts'

/**
 * AWS: "AppSpec 'hooks' section for an Amazon ECS deployment" and "… for an AWS Lambda deployment" name the events; those
 * that functions can be told of are the hooks, the others are CodeDeploy's own work.
 */
const EVENTS: Readonly<Record<Platform, readonly string[]>> = {
  Lambda: ['BeforeAllowTraffic', 'AllowTraffic', 'AfterAllowTraffic'],
  ECS: [
    'BeforeInstall',
    'Install',
    'AfterInstall',
    'AllowTestTraffic',
    'AfterAllowTestTraffic',
    'BeforeAllowTraffic',
    'AllowTraffic',
    'AfterAllowTraffic',
  ],
}

const OWN = new Set(['Install', 'AllowTestTraffic', 'AllowTraffic'])

export const HOOKS: Readonly<Record<Platform, readonly string[]>> = {
  Lambda: EVENTS.Lambda.filter((name) => !OWN.has(name)),
  ECS: EVENTS.ECS.filter((name) => !OWN.has(name)),
}

export const isHook = (name: string): boolean => !OWN.has(name)

/** Gives the events of a deployment that begins. AWS: those of test traffic are there where there is a listener for it. */
export const pendingEvents = (platform: Platform, settings: GroupSettings): LifecycleEvent[] =>
  EVENTS[platform]
    .filter((name) => !name.endsWith('AllowTestTraffic') || testListener(settings) !== undefined)
    .map((name) => ({ name, status: 'Pending' }))

/** The listener that test traffic comes through; AWS: it is optional. */
export const testListener = ({ loadBalancerInfo }: GroupSettings): Arn | undefined =>
  loadBalancerInfo?.targetGroupPairInfoList?.[0]?.testTrafficRoute?.listenerArns?.[0]

/** Gives the events with one changed: it begins, or it ends. */
export function withEvent(
  ctx: Context,
  { events }: Deployment,
  name: string,
  status: 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped',
  message?: string,
): readonly LifecycleEvent[] {
  const now = ctx.cloud.clock.now()
  return events.map((one) => {
    if (one.name !== name) return one
    if (status === 'InProgress') return { ...one, status, started: now }
    return { ...one, status, started: one.started ?? now, ended: now, ...(message && { message }) }
  })
}

/** Gives the event that is under way, or the next one; undefined after the last. */
export const nextEvent = ({ events }: Deployment): LifecycleEvent | undefined =>
  events.find(({ status }) => status === 'InProgress' || status === 'Pending')
