/** The alarms that stop deployments. */
import type { AlarmConfiguration } from '../state.ts'
import { DeploymentFailure } from './failure.ts'
import type { Run } from './run.ts'

const ALARMS = { title: 'AmazonCloudWatch', code: 'INTERNAL_ERROR' } as const

/** Gives the names of the alarms that a deployment is to be stopped by; none where they are switched off. */
export const alarmNames = (alarms: AlarmConfiguration | undefined): readonly string[] =>
  alarms?.enabled ? (alarms.alarms ?? []).flatMap(({ name }) => (name ? [name] : [])) : []

/**
 * Looks at a deployment's alarms as its group's role. AWS: an alarm that cannot be read stops the deployment too, unless
 * `ignorePollAlarmFailure` is set; what is said of an alarm that is not there nobody tells, it is taken as such a one.
 * Errors: DeploymentFailure ALARM_ACTIVE.
 */
export async function checkAlarms(run: Run): Promise<void> {
  const { alarms } = run.deployment
  const names = alarmNames(alarms)
  if (!names.length) return
  const state = await read(run, names).catch((error: unknown) => {
    if (error instanceof DeploymentFailure && alarms?.ignorePollAlarmFailure) return new Map<string, string>()
    throw error
  })
  const active = names.filter((name) => state.get(name) === 'ALARM')
  if (active.length)
    throw new DeploymentFailure(
      'ALARM_ACTIVE',
      `One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: ${active.map((name) => `<${name}>`).join(', ')}`,
      'Stopped',
    )
  const unread = names.filter((name) => !state.has(name))
  if (unread.length && !alarms?.ignorePollAlarmFailure)
    throw new DeploymentFailure(
      'ALARM_ACTIVE',
      `The state of these alarms could not be retrieved from Amazon CloudWatch, and the affected deployments have been stopped: ${unread.map((name) => `<${name}>`).join(', ')}`,
      'Stopped',
    )
}

async function read(run: Run, names: readonly string[]): Promise<Map<string, string>> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await run.call(
    'cloudwatch',
    'DescribeAlarms',
    { AlarmNames: [...names], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
    ALARMS,
  )
  return new Map(
    [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName = '', StateValue = '' }) => [
      AlarmName,
      StateValue,
    ]),
  )
}
