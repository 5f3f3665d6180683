/** Failures are told with their log, and again in one line. */
import pc from 'picocolors'
import { expect, test } from 'vitest'
import { systemClock } from '../../cloud/index.ts'
import { Failures } from '../../cloud/kernel/failures.ts'
import type { Terminal } from '../terminal.ts'
import { watchFailures } from './watch-failures.ts'

test('each is told in full once, and in one line again', () => {
  const failures = new Failures()
  const lines: string[] = []
  const terminal = { colors: pc.createColors(false), print: (line = '') => void lines.push(line) } as Terminal
  const stop = watchFailures({ failures, clock: systemClock }, terminal)
  const id = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`
  failures.tell({
    what: 'function f',
    message: `RequestId: ${id('1')} gone\nreally\x1b[2J`,
    log: '/aws/lambda/f',
  })
  failures.tell({
    what: 'function f',
    message: `RequestId: ${id('2')} gone\nreally\x1b[2J`,
    log: '/aws/lambda/f',
  })
  failures.tell({ what: 'custom resource C', message: 'no' })
  expect(lines.map((line) => line.replace(/^\d\d:\d\d:\d\d/, 'at'))).toEqual([
    'at failed function f',
    `         RequestId: ${id('1')} gone`,
    '         really?[2J',
    '         more in the log group /aws/lambda/f',
    'at failed again: function f',
    'at failed custom resource C',
    '         no',
  ])
  stop()
  failures.tell({ what: 'function g', message: 'no' })
  expect(lines).toHaveLength(7)
})
