/** An alarm whose state decides, at once or while it is watched. */
import { formatArn } from '../../../../../model/index.ts'
import { alarmWatch } from '../../../../../pipeline/index.ts'
import { ActionFailure, type ActionJob, type Outcome, PENDING, type Runner } from '../runner.ts'
import { expireRule } from './rule-timeout.ts'

export const cloudWatchAlarm: Runner = {
  id: 'Rule/CloudWatchAlarm',
  run: async (job) => {
    const { AlarmName: name = '' } = job.configuration
    const { states, wait, wanted } = alarmWatch(job.configuration, job.condition!)
    const ends = job.started + wait
    const isOver = job.ctx.cloud.clock.now() >= ends
    // Before the state is asked for, so that no change between is missed; a time that is over would come again at once.
    if (!isOver) watch(job, name, ends)
    const state = await stateOf(job, name)
    const isMet = states.includes(state)
    if (isMet && (isOver || wanted === 'until')) return met(name, state)
    if (!isMet && (isOver || wanted === 'throughout'))
      throw new ActionFailure(
        `The alarm ${name} is in the state ${state}; the rule takes ${states.join(' or ')}`,
      )
    expireRule(job)
    job.show({ id: name, summary: `Watching the alarm ${name}, which is in the state ${state}` })
    return PENDING
  },
}

const met = (name: string, state: string): Outcome => ({
  external: { id: name, summary: `The alarm ${name} is in the state ${state}` },
})

/** AWS: the rule "uses EB to check" (concepts-how-it-works-conditions): alarms tell EventBridge of their changes. */
function watch({ region, account, again }: ActionJob, name: string, at: number): void {
  const alarm = formatArn('cloudwatch', region, account, `alarm:${name}`)
  again({ at, on: ({ source, resources }) => source === 'aws.cloudwatch' && resources.includes(alarm) })
}

async function stateOf(job: ActionJob, name: string): Promise<string> {
  const found = await job.call('cloudwatch', 'DescribeAlarms', {
    AlarmNames: [name],
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
  })
  const [alarm] = [...(found.MetricAlarms ?? []), ...(found.CompositeAlarms ?? [])]
  if (alarm?.StateValue) return alarm.StateValue
  throw new ActionFailure(`There is no alarm ${name} in the region ${job.region}`, {
    code: 'ConfigurationError',
  })
}
