/** A rule that looks at the state of an alarm of CloudWatch, at once or for some minutes. */
import { type Arn, entryOf, formatArn, type Need, type Target } from '../../../model/index.ts'
import { needAll } from '../../provider.ts'
import { type ConditionType, type RuleProvider, readsNothing, ruleType } from '../../rule-provider.ts'

const STATES = ['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const
type AlarmState = (typeof STATES)[number]

/** Minutes. AWS: no page says how many; a rule times out after at most as many. */
const LONGEST_WAIT = 86_400

/**
 * AWS: DescribeAlarms can be allowed by the alarm's ARN; the pages of the rule name no permissions (rule-reference-
 * CloudWatchAlarm), and there is no other call that tells the state of an alarm.
 */
export const cloudWatchAlarm: RuleProvider = {
  ...readsNothing,
  type: ruleType('CloudWatchAlarm'),
  configuration: {
    AlarmName: { required: true, names: 'alarm' },
    AlarmStates: {},
    WaitTime: {},
  },
  check: ({ configuration = {} }) => {
    const { AlarmStates: states, WaitTime: wait } = configuration
    const strange = listed(states).find((one) => !one.includes('#{') && !isState(one))
    return [
      ...(strange === undefined
        ? []
        : [`AlarmStates has the state '${strange}'; allowed are ${STATES.join(', ')}`]),
      ...(wait === undefined || wait.includes('#{') || isMinutes(wait)
        ? []
        : [`WaitTime is '${wait}'; it takes whole minutes up to ${LONGEST_WAIT}`]),
    ]
  },
  needs: ({ role, account, region, value }) => alarmNeeds(role, { account, region }, value('AlarmName')),
}

/** Gives what it takes to see the state of an alarm. */
export const alarmNeeds = (role: Arn, { account, region }: Target, name: string): Need[] =>
  needAll(
    role,
    ['cloudwatch:DescribeAlarms'],
    formatArn('cloudwatch', region, account, `alarm:${name}`),
    `to look at the alarm ${name}`,
  )

const listed = (states = ''): string[] =>
  states
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)

const isState = (text: string): text is AlarmState => (STATES as readonly string[]).includes(text)
const isMinutes = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= LONGEST_WAIT

/** What a rule asks of its alarm. */
export interface AlarmWatch {
  /** The states that meet the rule. */
  readonly states: readonly string[]
  /** Milliseconds. */
  readonly wait: number
  /** `until`: the rule is met as soon as the alarm has such a state; `throughout`: as long as it never has another one. */
  readonly wanted: 'until' | 'throughout'
}

/**
 * Gives what a rule watches. AWS: without AlarmStates, "for On Success conditions, OK and INSUFFICIENT_DATA meet the
 * criteria. ALARM meets the criteria for On Failure conditions" (concepts-how-it-works-conditions). "If the alarm is OK
 * state when the rule is first checked, the rule will immediately succeed", otherwise WaitTime is how long its state may
 * take to change (stage-conditions, entry conditions); on success a condition can "roll back the changes if a CloudWatch
 * alarm goes into ALARM state within 60 minutes" (announcement of stage level conditions, August 2024).
 */
export function alarmWatch(
  { AlarmStates, WaitTime = '0' }: Readonly<Record<string, string>>,
  type: ConditionType,
): AlarmWatch {
  const given = listed(AlarmStates)
  return {
    states: given.length ? given : entryOf(DEFAULT_STATES, type)!,
    wait: Number(WaitTime) * 60_000,
    wanted: type === 'onSuccess' ? 'throughout' : 'until',
  }
}

const DEFAULT_STATES: Readonly<Record<ConditionType, readonly AlarmState[]>> = {
  beforeEntry: ['OK', 'INSUFFICIENT_DATA'],
  onSuccess: ['OK', 'INSUFFICIENT_DATA'],
  onFailure: ['ALARM'],
}
