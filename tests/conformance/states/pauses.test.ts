/** Executions that wait: on the cloud's clock, over restarts, until they are stopped or take too long. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startCloud } from '../../../src/cloud/index.ts'
import { HandClock } from '../hand-clock.ts'
import { type Described, openMachineShop } from './machine-shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-states-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const clock = new HandClock()
const shop = await openMachineShop({ clock, data: folder })
const { states, create, arnOf } = shop

const waiting = (seconds: number, more: object = {}) => ({
  StartAt: 'Mark',
  States: {
    Mark: { Type: 'Pass', Parameters: { 'id.$': 'States.UUID()' }, ResultPath: '$.mark', Next: 'Wait' },
    Wait: { Type: 'Wait', Seconds: seconds, Next: 'End' },
    End: { Type: 'Succeed' },
  },
  ...more,
})

async function start(name: string): Promise<string> {
  const { executionArn } = await states.call<{ executionArn: string }>('StartExecution', {
    stateMachineArn: arnOf(name),
  })
  await shop.test.cloud.settled()
  return executionArn
}

const look = (executionArn: string) => states.call<Described>('DescribeExecution', { executionArn })

it('waits as long as it is told, and keeps no work open meanwhile', async () => {
  await create('waits', waiting(600))
  const execution = await start('waits')
  await clock.pass(9)
  await shop.test.cloud.settled()
  expect(await look(execution)).toMatchObject({ status: 'RUNNING' })
  await clock.pass(2)
  await shop.test.cloud.settled()
  const { status, output } = await look(execution)
  expect(status).toBe('SUCCEEDED')
  const events = await shop.history(execution)
  expect(events.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    ...['PassStateEntered', 'PassStateExited', 'WaitStateEntered', 'WaitStateExited'],
    ...['SucceedStateEntered', 'SucceedStateExited', 'ExecutionSucceeded'],
  ])
  // What chance gave before the pause is the same after it.
  expect((events[2]!.stateExitedEventDetails as { output: string }).output).toBe(output)
})

it('is stopped, and stays so', async () => {
  await create('stopped', waiting(600))
  const execution = await start('stopped')
  await states.call('StopExecution', { executionArn: execution, error: 'Enough', cause: 'of it' })
  await clock.pass(11)
  await shop.test.cloud.settled()
  expect(await look(execution)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'of it' })
})

it('takes no longer than its definition says', async () => {
  await create('limited', waiting(600, { TimeoutSeconds: 120 }))
  const execution = await start('limited')
  await clock.pass(3)
  await shop.test.cloud.settled()
  expect(await look(execution)).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' })
})

it('goes on after a restart', async () => {
  await create('restarted', waiting(600))
  const execution = await start('restarted')
  const before = await shop.history(execution)
  const port = Number(new URL(shop.test.cloud.endpoint).port)
  await shop.test.cloud.stop()
  const again = await startCloud({ clock, data: folder, port })
  try {
    await clock.pass(11)
    await again.settled()
    expect(await look(execution)).toMatchObject({ status: 'SUCCEEDED' })
    expect((await shop.history(execution)).slice(0, before.length)).toEqual(before)
  } finally {
    await again.stop()
  }
})
