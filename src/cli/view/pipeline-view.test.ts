import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fakeTerminal } from '../../../tests/fake-terminal.ts'
import type { ActionState, ExecutionState } from '../../operate/index.ts'
import { formatAction, PipelineView } from './pipeline-view.ts'
import { countOf, duration, mark } from './text.ts'

const action = (
  name: string,
  status: ActionState['status'],
  more: Partial<ActionState> = {},
): ActionState => ({
  ...{ name, status, provider: 'S3', category: 'Source', account: '111111111111', region: 'us-east-1' },
  configuration: {},
  ...more,
})
const state = (...actions: ActionState[]): ExecutionState => ({
  pipeline: 'app',
  id: 'the-id',
  status: 'InProgress',
  revision: { id: 'c0ffee0123456789', summary: 'Say hello\n\nand more' },
  stages: actions.map((one) => ({ name: `${one.name}Stage`, actions: [one] })),
})

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

describe('text', () => {
  test.each([
    [420, '0.42 s'],
    [9999, '10.00 s'],
    [12_340, '12.3 s'],
    [185_000, '3 min 5 s'],
  ])('%d milliseconds are %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text)
  })

  test('marks stand still without a terminal, and turn at one', () => {
    const { terminal } = fakeTerminal()
    const kinds = ['waiting', 'running', 'done', 'unchanged', 'failed', 'asking'] as const
    expect(kinds.map((kind) => mark(kind, terminal))).toEqual(['·', '…', '✔', '=', '✖', '?'])
    const { terminal: watched } = fakeTerminal({ interactive: true })
    expect(mark('running', watched, 0)).not.toBe(mark('running', watched, 80))
    expect(mark('running', watched, 0)).toBe(mark('running', watched, 800))
  })

  test('one is not many', () => {
    expect([countOf(1, 'stack'), countOf(2, 'stack'), countOf(0, 'stack')]).toEqual([
      '1 stack',
      '2 stacks',
      '0 stacks',
    ])
  })
})

describe('an action', () => {
  const { terminal } = fakeTerminal()
  const line = (one: ActionState) => formatAction(one, terminal, 5000).replace(/ +/g, ' ')

  test.each<[ActionState, string]>([
    [action('Fetch', 'Waiting'), '· Fetch S3 111111111111 us-east-1'],
    [action('Fetch', 'InProgress', { started: 4000 }), '… Fetch S3 111111111111 us-east-1 1.00 s started'],
    [
      action('Fetch', 'Succeeded', { started: 4000, ended: 4500 }),
      '✔ Fetch S3 111111111111 us-east-1 0.50 s succeeded',
    ],
    [
      action('Ask', 'InProgress', { started: 6000, approvalToken: 't' }),
      '? Ask S3 111111111111 us-east-1 0.00 s waits for approval',
    ],
    [
      action('Fetch', 'Failed', { error: { code: 'X', message: 'not authorized' } }),
      '✖ Fetch S3 111111111111 us-east-1 failed not authorized',
    ],
  ])('is one line', (one, text) => {
    expect(line(one)).toBe(text)
  })
})

describe('without a terminal', () => {
  test('an execution is a title and a line for each change', () => {
    const { terminal, lines } = fakeTerminal()
    const view = new PipelineView(terminal, () => 0)
    view.show(state(action('Fetch', 'InProgress'), action('Ask', 'Waiting')))
    view.show(state(action('Fetch', 'InProgress'), action('Ask', 'Waiting')))
    view.show(state(action('Fetch', 'Succeeded'), action('Ask', 'InProgress')))
    view.end()
    expect(lines[0]).toBe('Pipeline app  the-id  c0ffee01 Say hello')
    expect(lines.slice(1).map((one) => one.trim().split(/ {2,}/)[0])).toEqual([
      '… FetchStage / Fetch',
      '✔ FetchStage / Fetch',
      '… AskStage / Ask',
    ])
  })
})

describe('at a terminal', () => {
  test('it is drawn again and again until it ends', () => {
    const { terminal, drawn } = fakeTerminal({ interactive: true })
    const view = new PipelineView(terminal, () => 0)
    view.show(state(action('Fetch', 'InProgress')))
    vi.advanceTimersByTime(240)
    expect(drawn).toHaveLength(4)
    view.end()
    expect(drawn.at(-1)).toBeUndefined()
    const count = drawn.length
    vi.advanceTimersByTime(240)
    view.end()
    expect(drawn).toHaveLength(count)
  })

  test('what stands finished above is not drawn again after an interruption', () => {
    const { terminal, drawn } = fakeTerminal({ interactive: true })
    const view = new PipelineView(terminal, () => 0)
    view.show(state(action('Fetch', 'Succeeded'), action('Ask', 'InProgress')))
    view.end()
    view.show(state(action('Fetch', 'Succeeded'), action('Ask', 'Succeeded')))
    expect(drawn.at(-1)![0]!.trim()).toBe('AskStage')
    expect(drawn.at(-1)).toHaveLength(2)
    view.end()
  })
})
