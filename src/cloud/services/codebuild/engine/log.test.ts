import { expect, test } from 'vitest'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { BuildLog } from './log.ts'

interface Put {
  readonly logEvents: readonly { message: string }[]
}

/** A log whose writes are given by hand. */
function open(put: (input: Put) => Promise<unknown> = async () => undefined) {
  const puts: Put[] = []
  const call = (_service: string, _operation: string, input: Put) => {
    puts.push(input)
    return put(input)
  }
  const ctx = { call, cloud: { clock: { now: () => 0 } } } as unknown as Context
  const log = new BuildLog(ctx, {} as Identity, { group: 'g', stream: 's' })
  const messages = () => puts.flatMap(({ logEvents }) => logEvents.map(({ message }) => message))
  return { log, puts, messages }
}

test('a line that comes in pieces is one event, without its carriage return', async () => {
  const { log, messages } = open()
  for (const piece of ['one ', 'line', '\r', '\ntwo\n', '\n', 'last']) log.write(piece)
  log.line('of CodeBuild')
  await log.close()
  expect(messages()).toEqual(['one line\n', 'two\n', '\n', 'last\n', 'of CodeBuild\n'])
})

test('a line without end is cut into events as it comes, each piece looked at once', async () => {
  const { log, messages, puts } = open()
  const piece = 'abcdefgh'.repeat(8192)
  for (let count = 0; count < 160; count++) log.write(piece)
  // 10 MB have come, and most of it has been handed on before the line ends.
  await new Promise((resolve) => setImmediate(resolve))
  expect(puts.length).toBeGreaterThan(0)
  await log.close()
  const events = messages()
  expect(events.map((one) => one.slice(0, -1)).join('')).toBe(piece.repeat(160))
  expect(events.slice(0, -1).every((one) => one.length === 60_001)).toBe(true)
})

test('the halves of a character stay together where a line is cut', async () => {
  const { log, messages } = open()
  log.write(`x${'\u{1F600}'.repeat(70_000)}`)
  log.write('\u{1F600}'.repeat(70_000))
  await log.close()
  expect(Buffer.from(messages().join('')).toString()).toBe(messages().join(''))
  expect(messages().every((one) => Buffer.from(one).toString() === one)).toBe(true)
  expect(messages().length).toBe(5)
})

test('a secret is masked wherever the output was cut', async () => {
  const secret = 'hunter2-and-more'
  const key = 'AKIA1234567890ABCDEF'
  for (const filler of [0, 59_990, 59_995, 60_000, 119_990, 179_995]) {
    const text = `${'x'.repeat(filler)} ${secret} ${key} `.repeat(3)
    for (const size of [1, 7, 65_536]) {
      if (size < 100 && filler) continue
      const { log, messages } = open()
      log.mask([secret])
      for (let at = 0; at < text.length; at += size) log.write(text.slice(at, at + size))
      await log.close()
      const written = messages()
        .map((one) => one.slice(0, -1))
        .join('')
      expect(written).toBe(`${'x'.repeat(filler)} *** *** `.repeat(3))
    }
  }
})

test('each line of a secret is masked, and short values are not', async () => {
  const { log, messages } = open()
  log.mask(['-----BEGIN\n  MIIEow+/$1.*\n-----END', 'abc', 'longer', 'longer still'])
  log.write('MIIEow+/$1.* abc longer still, longer\n  MIIEow+/$1.*\n')
  await log.close()
  expect(messages()).toEqual(['*** abc ***, ***\n', '***\n'])
})

test('printing waits while more is to be written than there is room for', async () => {
  const writes: (() => void)[] = []
  const { log, messages } = open(() => new Promise<void>((resolve) => writes.push(resolve)))
  const piece = `${'y'.repeat(999_999)}\n`
  let written = 0
  let held: Promise<void> | undefined
  while (!held && written++ < 100) held = log.write(piece)
  expect(written).toBeLessThan(12)
  let room = false
  void held!.then(() => {
    room = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(room).toBe(false)
  while (!room) {
    writes.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const closed = log.close()
  const end = setInterval(() => writes.shift()?.(), 0)
  await closed
  clearInterval(end)
  expect(messages().join('').replaceAll('\n', '').length).toBe(written * 999_999)
})

test('a log that cannot be written tells so at its end, and holds nothing up', async () => {
  const { log } = open(async () => {
    throw new Error('denied')
  })
  const piece = 'z'.repeat(1_000_000)
  for (let count = 0; count < 20; count++) await log.write(`${piece}\n`)
  await expect(log.close()).rejects.toThrow('denied')
})
