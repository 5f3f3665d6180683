import { describe, expect, it } from 'vitest'
import { BLOCK, Blocks } from './blocks.ts'

describe('Blocks', () => {
  it('takes a block again only when its piece was given back', () => {
    const blocks = new Blocks()
    const [first, second] = [blocks.take(), blocks.take()]
    expect(second.buffer).not.toBe(first.buffer)
    blocks.giveBack(blocks.lend(first, 100))
    expect(blocks.take().buffer).toBe(first.buffer)
    expect(blocks.take().buffer).not.toBe(first.buffer)
  })

  it('leaves other bytes, and pieces that were given back before, alone', () => {
    const blocks = new Blocks()
    const record = Buffer.alloc(BLOCK)
    blocks.giveBack(record)
    expect(blocks.take().buffer).not.toBe(record.buffer)
    const piece = blocks.lend(blocks.take(), 7)
    blocks.giveBack(piece)
    blocks.giveBack(piece)
    expect(blocks.take().buffer).toBe(piece.buffer)
    expect(blocks.take().buffer).not.toBe(piece.buffer)
  })
})
