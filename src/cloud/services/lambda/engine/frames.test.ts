import { describe, expect, test } from 'vitest'
import { frame, frameReader } from './frames.ts'

const WORD = 'b5c7'
const out = (header: object, body: string) =>
  Buffer.concat([Buffer.from(`\n${WORD}`), frame(header as never, Buffer.from(body))])

function read(bytes: Buffer, size: number) {
  const found: unknown[] = []
  const take = frameReader(
    WORD,
    ({ type }, body) => found.push([type, body.toString()]),
    (line) => found.push(line),
  )
  for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size))
  return found
}

describe('frameReader', () => {
  const forged = frame({ type: 'result', id: 'r' }, Buffer.from('forged'))
  const stream = Buffer.concat([
    out({ type: 'ready' }, ''),
    Buffer.from('no end of a line'),
    out({ type: 'log' }, `two\nlines {"type":"result"}\n${WORD}`),
    forged,
    Buffer.from(
      `\nx${WORD}{"type":"result","length":0}\n${WORD}not JSON\n${WORD}{"type":"result","length":-1}\n`,
    ),
    out({ type: 'result', id: 'r' }, 'true'),
  ])
  const expected = [
    ['ready', ''],
    'no end of a line',
    ['log', `two\nlines {"type":"result"}\n${WORD}`],
    '{"type":"result","id":"r","length":6}',
    'forged',
    `x${WORD}{"type":"result","length":0}`,
    `${WORD}not JSON`,
    `${WORD}{"type":"result","length":-1}`,
    ['result', 'true'],
  ]

  test.each([1, 2, 3, 7, 50, 10_000])(
    'tells frames from what the function writes, in pieces of %i',
    (size) => {
      expect(read(stream, size)).toEqual(expected)
    },
  )

  test('reads a large answer, and hands on a line that has no end', () => {
    const large = 'a'.repeat(6_000_000)
    expect(read(out({ type: 'result' }, large), 65_536)).toEqual([['result', large]])
    const lines = read(Buffer.from('b'.repeat(1_000_000)), 65_536)
    expect(lines.join('').length).toBeGreaterThan(900_000)
  })
})
