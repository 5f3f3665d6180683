import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { randomIds } from '../../../kernel/clock.ts'
import type { Segment } from '../state.ts'
import { Bodies } from './bodies.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-bodies-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const bodies = new Bodies(folder, randomIds)
const options = { md5: true, limit: 10_000_000, tooLarge: () => new Error('too large') }
const files = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).length

async function read(segments: Segment[], start: number, end: number, key?: Uint8Array): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bodies.read(segments, { start, end }, key)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('Bodies', () => {
  it.each([
    [0, false],
    [16_384, false],
    [16_385, true],
    [2_000_003, true],
  ])('keeps %d bytes, in a file: %s', async (size, inFile) => {
    const content = randomBytes(size)
    const before = files()
    const { segment, md5 } = await bodies.write(content, options)
    expect(md5).toBe(createHash('md5').update(content).digest('hex'))
    expect([segment.size, segment.file !== undefined]).toEqual([size, inFile])
    expect(files() - before).toBe(inFile ? 1 : 0)
    expect((await read([segment], 0, size - 1)).equals(content)).toBe(true)
  })

  it('encrypts what it keeps, and reads from any byte over segments', async () => {
    const key = randomBytes(32)
    const parts = [randomBytes(100), randomBytes(700_001), randomBytes(33)]
    const whole = Buffer.concat(parts)
    const segments: Segment[] = []
    for (const part of parts) segments.push((await bodies.write(part, { ...options, key })).segment)
    expect(Buffer.from(segments[0]!.bytes!).equals(parts[0]!)).toBe(false)
    for (const [start, end] of [
      [0, whole.length - 1],
      [17, 17],
      [99, 100],
      [524_300, 700_120],
      [whole.length - 1, whole.length - 1],
    ] as const)
      expect((await read(segments, start, end, key)).equals(whole.subarray(start, end + 1))).toBe(true)
    expect(
      bodies.readInline([segments[0]!], { start: 5, end: 9 }, key)!.equals(parts[0]!.subarray(5, 10)),
    ).toBe(true)
    expect(bodies.readInline(segments, { start: 0, end: 1 }, key)).toBeUndefined()
  })

  it('leaves nothing of content that fails or is too large', async () => {
    const before = files()
    const failing = async function* () {
      yield randomBytes(1_000_000)
      throw new Error('connection lost')
    }
    await expect(bodies.write(failing(), options)).rejects.toThrow('connection lost')
    await expect(bodies.write(randomBytes(2_000_000), { ...options, limit: 1_500_000 })).rejects.toThrow(
      'too large',
    )
    expect(files()).toBe(before)
  })

  it('removes a file only after its readers', async () => {
    const content = randomBytes(1_500_000)
    const { segment } = await bodies.write(content, options)
    const before = files()
    const reading = bodies.read([segment], { start: 0, end: content.length - 1 })
    await bodies.remove([segment])
    expect(files()).toBe(before)
    const first = await reading.next()
    expect(first.value.length).toBeGreaterThan(0)
    await reading.return!()
    expect(files()).toBe(before - 1)
  })
})
