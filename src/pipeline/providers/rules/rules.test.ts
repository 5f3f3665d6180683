import { describe, expect, it } from 'vitest'
import {
  actionOfRule,
  alarmWatch,
  CONDITION_TYPES,
  conditionOf,
  findRuleProvider,
  labelOfRule,
  parseWindow,
  placedRules,
  ruleProvider,
  ruleProviders,
  variableHolds,
  worksOf,
} from '../../index.ts'
import { hello } from '../../sample.fixture.ts'

describe('rules of conditions', () => {
  const window = {
    name: 'OfficeHours',
    ruleTypeId: { category: 'Rule' as const, provider: ruleProvider.deploymentWindow.type.provider },
    configuration: { Cron: '* * 8-15 ? * MON-THU *' },
  }
  const stage = {
    ...hello.stages[2]!,
    beforeEntry: { conditions: [{ result: 'FAIL' as const, rules: [window] }] },
  }

  it('are found with their place and as actions', () => {
    expect(CONDITION_TYPES.map((type) => conditionOf(stage, type)?.result)).toEqual([
      'FAIL',
      undefined,
      undefined,
    ])
    expect(placedRules({ ...hello, stages: [hello.stages[0]!, stage] })).toMatchObject([
      { type: 'beforeEntry', path: 'stages[1].beforeEntry.conditions[0].rules[0]' },
    ])
    expect(worksOf(stage).at(-1)).toEqual({
      label: labelOfRule('beforeEntry', 'OfficeHours'),
      action: actionOfRule(window),
    })
    expect(findRuleProvider(actionOfRule(window).actionTypeId)).toBe(ruleProvider.deploymentWindow)
    expect(ruleProviders.every(({ type }) => findRuleProvider(type)?.type === type)).toBe(true)
    expect('problem' in parseWindow(window.configuration.Cron)).toBe(false)
  })

  it('watch alarms until they change, and after a success throughout the time', () => {
    expect(alarmWatch({}, 'beforeEntry')).toEqual({
      states: ['OK', 'INSUFFICIENT_DATA'],
      wait: 0,
      wanted: 'until',
    })
    expect(alarmWatch({ WaitTime: '2' }, 'onSuccess')).toMatchObject({ wait: 120_000, wanted: 'throughout' })
    expect(alarmWatch({}, 'onFailure').states).toEqual(['ALARM'])
    expect(alarmWatch({ AlarmStates: 'OK, ALARM' }, 'onFailure').states).toEqual(['OK', 'ALARM'])
  })

  it('hold variables against values', async () => {
    const holds = (Variable: string, Operator: string, Value: string) =>
      variableHolds({ Variable, Operator, Value })
    expect(await holds('main', 'EQ', 'main')).toBe(true)
    expect(await holds('main', 'NE', 'main')).toBe(false)
    expect(await holds('fix: main', 'CONTAINS', 'main')).toBe(true)
    expect(await holds('release/1.2', 'MATCHES', 'release/[0-9.]+')).toBe(true)
    expect(await holds('a release/1', 'MATCHES', 'release/[0-9.]+')).toBe(false)
  })
})
