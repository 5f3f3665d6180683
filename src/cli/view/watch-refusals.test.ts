/** RefusedRequests are told once for each that asks, and never become a flood. */
import pc from 'picocolors'
import { expect, test } from 'vitest'
import { systemClock } from '../../cloud/index.ts'
import { RefusedRequests } from '../../cloud/kernel/refused-requests.ts'
import type { Terminal } from '../terminal.ts'
import { watchRefusals } from './watch-refusals.ts'

function watched() {
  const refusals = new RefusedRequests()
  const lines: string[] = []
  const terminal = { colors: pc.createColors(false), print: (line = '') => void lines.push(line) } as Terminal
  const stop = watchRefusals({ refusals, clock: systemClock }, terminal)
  const refuse = (from: string) => refusals.tell({ from, message: `Not ${from}.`, fix: `be let in, ${from}` })
  return { lines, refuse, stop }
}

test('each is told once, with what to do', () => {
  const { lines, refuse, stop } = watched()
  for (const from of ['a', 'b', 'a', 'a']) refuse(from)
  expect(lines).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d refused Not a\. \(told once\)$/),
    expect.stringContaining('fix: be let in, a'),
    expect.stringMatching(/refused Not b\. \(told once\)$/),
    expect.stringContaining('fix: be let in, b'),
  ])
  stop()
  refuse('c')
  expect(lines).toHaveLength(4)
})

test('a page that asks under ever other names is not told without end', () => {
  const { lines, refuse } = watched()
  for (let at = 0; at < 5000; at++) refuse(`host ${at}.evil.example`)
  expect(lines).toHaveLength(41)
  expect(lines.at(-1)).toContain('the rest is refused silently')
})
