import { expect, test } from 'vitest'
import { middlewareOf } from '../../tests/fake-accounts.ts'
import { mayHaveActed, Patience, type PatienceOptions } from './patience.ts'

const lost = () => Object.assign(new Error('reset'), { code: 'ECONNRESET' })
const nothing = () => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
const throttled = () =>
  Object.assign(new Error('Rate exceeded'), {
    name: 'Throttling',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  })
const meant = () =>
  Object.assign(new Error('no'), {
    name: 'AccessDenied',
    $fault: 'client',
    $metadata: { httpStatusCode: 403, requestId: 'r' },
  })
const good = { response: { headers: {} }, output: { $metadata: { requestId: 'r' } } }

/** A call through a patience whose clock only sleeping moves; `answers` are its tries, the last one again and again. */
function calling(options: PatienceOptions = {}) {
  let time = 0
  const [waits, sleeps]: [string[], number[]] = [[], []]
  const around = middlewareOf(
    new Patience({
      now: () => time,
      sleep: async (milliseconds) => {
        sleeps.push(milliseconds)
        time += milliseconds
      },
      random: () => 1,
      onWait: (text) => waits.push(text),
      ...options,
    }),
  )
  const call = (...answers: (() => Error | object)[]) =>
    around(async () => {
      const answer = (answers.length > 1 ? answers.shift()! : answers[0]!)()
      if (answer instanceof Error) throw answer
      return answer
    })({ request: { hostname: 'aws' }, input: {} })
  return { call, waits, sleeps, pass: (milliseconds: number) => (time += milliseconds) }
}

test('tries again, longer apart each time, until it is answered', async () => {
  const { call, sleeps } = calling()
  expect(await call(lost, throttled, lost, () => good)).toBe(good)
  expect(sleeps).toEqual([200, 400, 800])
})

test('rests are spread, never longer than ten seconds, and as long as the server asks', async () => {
  const busy = () => Object.assign(throttled(), { $response: { headers: { 'retry-after': '30' } } })
  const { call, sleeps } = calling({ random: () => 0 })
  await call(...Array(9).fill(throttled), busy, () => good)
  expect(sleeps.slice(0, 2)).toEqual([20, 40])
  expect(sleeps[8]).toBe(1000)
  expect(sleeps[9]).toBe(30_000)
})

test('throttling is given up after ten minutes, silence after one', async () => {
  const { call, sleeps } = calling()
  await expect(call(throttled)).rejects.toThrow(/^AWS Test throttles: Rate exceeded; given up after 60\d s$/)
  expect(sleeps.reduce((sum, one) => sum + one)).toBeLessThan(620_000)
  await expect(calling().call(lost)).rejects.toMatchObject({
    message: expect.stringMatching(/does not answer: the connection breaks; given up after 6\d s$/),
    fix: expect.stringContaining('look at the network'),
  })
})

test('what was never there is not waited for; what answered once is', async () => {
  const { call, sleeps } = calling()
  await expect(call(nothing)).rejects.toThrow('AWS Test does not answer: nothing listens')
  expect(sleeps).toEqual([])
  await call(() => good)
  expect(await call(nothing, () => good)).toBe(good)
})

test('what is no AWS is told at once', async () => {
  const { call, sleeps } = calling()
  const page = () => ({ response: { headers: {} }, output: { $metadata: {} } })
  await expect(call(page)).rejects.toMatchObject({
    message: 'AWS Test does not answer as AWS does: the answer has no request id',
    fix: expect.stringContaining('a proxy or a firewall'),
  })
  expect(sleeps).toEqual([])
})

test('a query that is answered with nothing is tried again', async () => {
  const empty = () => ({ ...good, response: { headers: { 'content-length': '0' } } })
  let tries = 0
  const around = middlewareOf(new Patience({ sleep: async () => undefined }))
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const result = await around(async () => (tries++ ? good : empty()))({ request: { headers }, input: {} })
  expect([result, tries]).toEqual([good, 2])
})

test('an error that AWS means is thrown as it is, and known to come after a try that may have acted', async () => {
  const first = await calling()
    .call(meant)
    .catch((error: Error) => error)
  expect(first).toMatchObject({ name: 'AccessDenied' })
  expect(mayHaveActed(first)).toBe(false)
  const second = await calling()
    .call(lost, meant)
    .catch((error: Error) => error)
  expect(mayHaveActed(second)).toBe(true)
  expect(mayHaveActed('text')).toBe(false)
})

test('it says what it waits for after three seconds, and every fifteen', async () => {
  const { call, waits, sleeps } = calling()
  await call(...Array(12).fill(throttled), () => good)
  expect(waits[0]).toBe('waiting: AWS Test throttles: Rate exceeded')
  const waited = sleeps.reduce((sum, one) => sum + one)
  expect(waits.length).toBeGreaterThan(1)
  expect(waits.length).toBeLessThanOrEqual(Math.ceil(waited / 15_000))
  const { call: short, waits: none } = calling()
  await short(lost, lost, () => good)
  expect(none).toEqual([])
})

test('its end ends all waiting', async () => {
  const { call, sleeps } = calling({ until: AbortSignal.abort() })
  await expect(call(lost)).rejects.toThrow('the connection breaks')
  expect(sleeps).toEqual([])
})

test('trouble that others in the same lane have counts as well', async () => {
  const { call, pass } = calling()
  const endless = call(lost, () => {
    pass(70_000)
    return lost()
  })
  await expect(endless).rejects.toThrow('given up')
  await expect(call(lost)).rejects.toThrow('given up after 70 s')
})

test('clients get no tries of their own, and a bound on silence', () => {
  expect(new Patience({ silence: 2000 }).configuration).toEqual({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2000, socketTimeout: 2000 },
  })
  expect(new Patience().configuration.requestHandler.connectionTimeout).toBe(5000)
})
