/** The lifecycle events of deployments, in their order. */
import type { Context } from '../../../kernel/context.ts'
import type { Deployment, LifecycleEvent, Platform } from '../state.ts'

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

/** Gives the events of a deployment that begins. */
export const pendingEvents = (platform: Platform): LifecycleEvent[] =>
  EVENTS[platform].map((name) => ({ name, status: 'Pending' }))

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
