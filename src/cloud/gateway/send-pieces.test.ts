import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { Pieces } from '../kernel/wire.ts'
import { sendPieces } from './send-pieces.ts'

/** Serves one request with these pieces; gives the answer, and how sending them ended. */
async function served(body: Pieces): Promise<{ answer: IncomingMessage; sent: Promise<unknown> }> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const sent = once(server, 'request').then(([, response]) =>
    sendPieces(body, response as ServerResponse).catch((error: unknown) => error),
  )
  const asked = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { agent: false })
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  void sent.then(() => server.close())
  return { answer, sent }
}

describe('sendPieces', () => {
  it('sends every piece, also those whose memory is used again', async () => {
    const spare: Uint8Array[] = [new Uint8Array(300_000), new Uint8Array(300_000)]
    const body = {
      async *[Symbol.asyncIterator]() {
        for (let piece = 1; piece <= 9; piece++) yield spare.pop()!.fill(piece)
      },
      giveBack: (piece: Uint8Array) => void spare.push(piece),
    }
    const { answer, sent } = await served(body)
    const whole = await buffer(answer)
    expect(await sent).toBeUndefined()
    const expected = Array.from({ length: 9 }, (_, index) => Buffer.alloc(300_000, index + 1))
    expect(whole.equals(Buffer.concat(expected))).toBe(true)
  })

  it('tells the body when the client goes away', async () => {
    let ended = false
    const body = {
      async *[Symbol.asyncIterator]() {
        try {
          for (;;) yield new Uint8Array(500_000)
        } finally {
          ended = true
        }
      },
    }
    const { answer, sent } = await served(body)
    answer.destroy()
    expect(await sent).toHaveProperty('code', expect.stringMatching(/^(ERR_STREAM_|ECONNRESET|EPIPE)/))
    expect(ended).toBe(true)
  })
})
