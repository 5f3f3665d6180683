import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { describe, expect, it, vi } from 'vitest'
import { hashOnThread } from './hash-thread.ts'
import { Md5 } from './md5.ts'

const BATCH = 512 * 1024

/** Bytes that differ from one place to the next and from one seed to the next. */
const bytes = (length: number, seed: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8) * seed + seed) & 255))

const expected = (body: Uint8Array): string => createHash('md5').update(body).digest('hex')

async function digestOf(body: Uint8Array, piece: number): Promise<string> {
  const md5 = new Md5()
  for (let at = 0; at < body.length; at += piece) {
    const pending = md5.update(body.subarray(at, at + piece))
    if (pending) await pending
  }
  return md5.digest()
}

const threadIsThere = () =>
  vi.waitFor(() => {
    const hash = hashOnThread('md5')
    expect(hash).toBeDefined()
    hash?.abandon()
  })

const refsOf = (kind: string) => process.getActiveResourcesInfo().filter((one) => one === kind).length

describe('Md5', () => {
  it('has a thread that no process waits for', async () => {
    const before = refsOf('MessagePort')
    if (availableParallelism() > 1) await threadIsThere()
    await digestOf(bytes(2 * BATCH, 5), 100_000)
    expect(refsOf('MessagePort')).toBe(before)
  })

  const sizes = [0, 1, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH, 3 * BATCH + 7]

  it.each(sizes)('gives the digest of %i bytes, with and without the thread', async (size) => {
    const body = bytes(size, 3)
    expect(await digestOf(body, 65_536)).toBe(expected(body))
    if (availableParallelism() > 1) await threadIsThere()
    expect(await digestOf(body, 65_536)).toBe(expected(body))
    expect(await digestOf(body, 1_000_003)).toBe(expected(body))
  })

  it('keeps several bodies apart, and those that are given up', async () => {
    if (availableParallelism() > 1) await threadIsThere()
    const bodies = [1, 2, 3, 4, 5].map((seed) => bytes(2 * BATCH + seed, seed))
    const broken = new Md5()
    await broken.update(bodies[0]!)
    broken.abandon()
    const digests = await Promise.all(bodies.map((body) => digestOf(body, 100_000)))
    expect(digests).toEqual(bodies.map(expected))
  })

  it.runIf(availableParallelism() > 1)('leaves the bytes that it was given to their owner', async () => {
    await threadIsThere()
    const body = bytes(BATCH, 9)
    const md5 = new Md5()
    await md5.update(body)
    expect(body.length).toBe(BATCH)
    expect(await md5.digest()).toBe(expected(body))
  })
})
