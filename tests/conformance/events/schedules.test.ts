/** Rules with schedules fire on the cloud's clock, and go on after a restart. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DeleteRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  PutRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import { afterAll, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { HandClock } from '../hand-clock.ts'
import { eventBoard } from './event-board.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-schedules-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MINUTE = 60_000

const clock = new HandClock()
const test = await startTestCloud({ clock, data: folder })
const board = eventBoard(test)
const target = await board.logTarget('schedules')
const fired = async () => (await board.delivered('schedules')).map((line) => JSON.parse(line))

it('sends an event of its own at every turn', async () => {
  const start = clock.now()
  const arn = await board.rule('often', { ScheduleExpression: 'rate(5 minutes)' }, target)
  await clock.pass(4)
  expect(await fired()).toEqual([])
  await clock.pass(7)
  const at = (minutes: number) => new Date(start + minutes * MINUTE).toISOString().replace('.000Z', 'Z')
  expect(await fired()).toMatchObject([
    {
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: HUB,
      region: 'us-east-1',
      time: at(5),
      resources: [arn],
      detail: {},
    },
    { time: at(10) },
  ])
})

it('stops while the rule is disabled, and counts anew when it is enabled', async () => {
  const before = (await fired()).length
  await board.events.send(new DisableRuleCommand({ Name: 'often' }))
  await clock.pass(20)
  expect(await fired()).toHaveLength(before)
  await board.events.send(new EnableRuleCommand({ Name: 'often' }))
  await clock.pass(4)
  expect(await fired()).toHaveLength(before)
  await clock.pass(1)
  expect(await fired()).toHaveLength(before + 1)
})

it('follows a changed schedule, and ends with the rule', async () => {
  const before = (await fired()).length
  await board.events.send(new PutRuleCommand({ Name: 'often', ScheduleExpression: 'cron(0/2 * * * ? *)' }))
  await clock.pass(4)
  expect(await fired()).toHaveLength(before + 2)
  await board.events.send(new RemoveTargetsCommand({ Rule: 'often', Ids: ['log'] }))
  await board.events.send(new DeleteRuleCommand({ Name: 'often' }))
  await clock.pass(10)
  expect(await fired()).toHaveLength(before + 2)
})

it('goes on after a restart', async () => {
  await board.rule('lasting', { ScheduleExpression: 'rate(10 minutes)' }, target)
  await clock.pass(5)
  const before = (await fired()).length
  await test.cloud.stop()
  const again = await startTestCloud({ clock, data: folder })
  await clock.pass(5)
  await again.cloud.settled()
  const calls = again.cloud.trail.entries().filter((entry) => entry.action === 'logs:PutLogEvents')
  expect(calls).toMatchObject([{ caller: 'events.amazonaws.com', decision: { effect: 'allowed' } }])
  expect(before).toBeGreaterThan(0)
})
