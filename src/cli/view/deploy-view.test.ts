import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { assemblyStack } from '../../../tests/assembly-stack.ts'
import { fakeTerminal } from '../../../tests/fake-terminal.ts'
import { DeployView } from './deploy-view.ts'

const [one, two] = [assemblyStack({ name: 'one' }), assemblyStack({ name: 'two' })]
const place = '222222222222 us-east-1'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

const failure = { stack: 'two', target: two.target, environment: 'dev', reason: 'not authorized' }

function deploying(interactive: boolean) {
  const shown = fakeTerminal({ interactive })
  const view = new DeployView(shown.terminal, () => 0)
  view.listener({ type: 'wave-started', wave: 1, stacks: [one, two] })
  return { ...shown, view }
}

test('without a terminal each finished stack is a line', () => {
  const { lines, view } = deploying(false)
  view.listener({ type: 'stack-started', stack: one })
  view.listener({
    type: 'resource',
    stack: one,
    logicalId: 'T',
    resourceType: 'X',
    status: 'CREATE_IN_PROGRESS',
  })
  view.listener({ type: 'stack-done', stack: one, outcome: 'created', milliseconds: 1500 })
  view.listener({ type: 'stack-done', stack: one, outcome: 'unchanged', milliseconds: 1 })
  view.listener({ type: 'stack-failed', stack: two, failure })
  const of = { logicalId: 'Topic', resourceType: 'AWS::SNS::Topic' }
  view.listener({ type: 'stack-failed', stack: two, failure: { ...failure, ...of } })
  view.listener({ type: 'wave-done', wave: 1, milliseconds: 2000 })
  expect(lines.map((line) => line.replace(/ +/g, ' '))).toEqual([
    'Wave 1 2 stacks side by side',
    ` ✔ one dev ${place} created 1.50 s`,
    ` = one dev ${place} unchanged 0.00 s`,
    ` ✖ two dev ${place} not authorized`,
    ` ✖ two dev ${place} Topic (AWS::SNS::Topic): not authorized`,
    ' wave 1 done in 2.00 s',
  ])
})

test('at a terminal all of a wave are drawn, each with what happens in it, until the wave ends', () => {
  const { lines, drawn, view } = deploying(true)
  view.listener({ type: 'stack-started', stack: one })
  view.listener({
    type: 'resource',
    stack: one,
    logicalId: 'T',
    resourceType: 'X',
    status: 'CREATE_IN_PROGRESS',
  })
  vi.advanceTimersByTime(80)
  expect(drawn[0]!.map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
    expect.stringMatching(/^\S one dev .* T create in progress$/),
    expect.stringMatching(/^· two dev/),
  ])
  view.listener({ type: 'stack-failed', stack: two, failure })
  view.listener({ type: 'wave-done', wave: 1, milliseconds: 1 })
  expect(drawn.at(-1)).toBeUndefined()
  const count = drawn.length
  vi.advanceTimersByTime(240)
  view.end()
  expect(drawn).toHaveLength(count)
  expect(lines).toHaveLength(2)
})
