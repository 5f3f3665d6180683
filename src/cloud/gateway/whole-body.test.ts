import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { wholeBody } from './whole-body.ts'

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytes(text)
}

describe('wholeBody', () => {
  it.each([[['']], [['abc']], [['ab', '', 'cde']]])(
    'reads %j from a stream and from an iterable',
    async (texts) => {
      expect(String(await wholeBody(Readable.from(texts.map(bytes)), 100))).toBe(texts.join(''))
      expect(String(await wholeBody(pieces(...texts), 100))).toBe(texts.join(''))
    },
  )

  it('reads what is too large to its end, and gives nothing of it', async () => {
    const stream = Readable.from(['abc', 'def', 'g'].map(bytes))
    expect(await wholeBody(stream, 5)).toBeUndefined()
    expect(stream.readableEnded).toBe(true)
    expect(await wholeBody(pieces('abc', 'def'), 6)).toHaveLength(6)
  })

  it('fails as the stream does, also where that broke off before', async () => {
    const lost = new Error('connection lost')
    const stream = new Readable({ read() {} })
    const reading = wholeBody(stream, 100)
    stream.destroy(lost)
    await expect(reading).rejects.toBe(lost)
    await expect(wholeBody(stream, 100)).rejects.toBe(lost)
    const closed = new Readable({ read() {} })
    const other = wholeBody(closed, 100)
    closed.destroy()
    await expect(other).rejects.toThrow('Premature close')
  })
})
