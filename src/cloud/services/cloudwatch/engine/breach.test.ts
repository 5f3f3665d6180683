import { describe, expect, it } from 'vitest'
import { judge } from './breach.ts'

/** `0 - X`: oldest first; 0 is within the threshold, X breaches, - is missing. */
function judged(text: string, toAlarm: number, missing: string): string {
  const range = text
    .split(' ')
    .reverse()
    .map((one, at) => (one === '-' ? undefined : { at, value: one === 'X' ? 1 : 0 }))
  const terms = { comparison: 'GreaterThanThreshold', threshold: 0, periods: 3, toAlarm, missing }
  return judge(range, terms).state ?? 'as it was'
}

/** The tables of AWS's guide: missing, ignore, breaching, notBreaching. */
const [MISSING, IGNORE, BREACHING, NOT] = ['missing', 'ignore', 'breaching', 'notBreaching']

describe('three of three data points', () => {
  it.each([
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 'INSUFFICIENT_DATA', 'as it was', 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 'ALARM', 'as it was', 'ALARM', 'OK'],
  ])('%s', (data, missing, ignore, breaching, notBreaching) => {
    expect([MISSING, IGNORE, BREACHING, NOT].map((one) => judged(data, 3, one!))).toEqual([
      missing,
      ignore,
      breaching,
      notBreaching,
    ])
  })
})

describe('two of three data points', () => {
  it.each([
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 'ALARM', 'as it was', 'ALARM', 'OK'],
  ])('%s', (data, missing, ignore, breaching, notBreaching) => {
    expect([MISSING, IGNORE, BREACHING, NOT].map((one) => judged(data, 2, one!))).toEqual([
      missing,
      ignore,
      breaching,
      notBreaching,
    ])
  })
})
