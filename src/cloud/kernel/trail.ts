/** The trail: every authorized or denied call, in order, as the witness of what a pipeline really used. */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { DenialIndex } from './denial-index.ts'
import type { TrailEntry } from './trail-entry.ts'

/** What is wanted of the trail; everything without it. */
export interface TrailFilter {
  /** Denials only. */
  readonly denied?: boolean
  /** Not before; milliseconds since 1970. */
  readonly since?: number
  readonly cause?: string
  readonly account?: string
  readonly principal?: string
}

export interface TrailLimits {
  /** Bytes of packed entries; the oldest are dropped past it. Eight megabytes hold about 190,000 entries. */
  readonly bytes: number
  /** Characters of the denials that are held by cause besides, which entries of allowed calls never push out. */
  readonly denials: number
}

const LIMITS: TrailLimits = { bytes: 8 * 2 ** 20, denials: 8 * 2 ** 20 }

/** Entries, and characters, that are packed together: more pack no better, and hold the thread longer. */
const BLOCK = { entries: 256, characters: 2 ** 19 }

/** Entries packed together: a twenty-fifth of their text at this quality, for four microseconds an entry. */
interface Block {
  readonly packed: Uint8Array
  readonly last: number
  readonly denials: number
}

const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }

export class Trail {
  private readonly limits: TrailLimits
  private blocks: Block[] = []
  private bytes = 0
  private open: string[] = []
  private characters = 0
  private last = 0
  private denied = 0
  private readonly index: DenialIndex
  private readonly listeners = new Set<(entry: TrailEntry) => void>()

  constructor(limits: Partial<TrailLimits> = {}) {
    this.limits = { ...LIMITS, ...limits }
    this.index = new DenialIndex(this.limits.denials)
  }

  record(entry: TrailEntry): void {
    const line = `${JSON.stringify(entry)}\n`
    this.open.push(line)
    this.characters += line.length
    this.last = Math.max(this.last, entry.time)
    if (isDenied(entry)) this.denied++
    this.index.add(entry)
    if (this.open.length >= BLOCK.entries || this.characters >= BLOCK.characters) this.pack()
    for (const listener of this.listeners) listener(entry)
  }

  private pack(): void {
    // A copy of its own size: zlib gives a view of a larger buffer.
    const packed = new Uint8Array(brotliCompressSync(this.open.join(''), QUALITY))
    this.blocks.push({ packed, last: this.last, denials: this.denied })
    this.bytes += packed.length
    this.empty()
    let dropped = 0
    while (this.bytes > this.limits.bytes) this.bytes -= this.blocks[dropped++]!.packed.length
    if (dropped) this.blocks = this.blocks.slice(dropped)
  }

  private empty(): void {
    this.open = []
    this.characters = 0
    this.denied = 0
    this.last = 0
  }

  /** Gives the entries so far as JSON lines, oldest first, in pieces of up to a few hundred that may be empty. */
  *read(filter: TrailFilter = {}): Generator<string> {
    const { denied = false, since = 0 } = filter
    const open = this.open.join('')
    for (const block of [...this.blocks]) {
      if (block.last < since || (denied && !block.denials)) continue
      yield chosen(brotliDecompressSync(block.packed).toString(), filter)
    }
    yield chosen(open, filter)
  }

  /** Gives the entries so far, oldest first. */
  entries(filter: TrailFilter = {}): TrailEntry[] {
    return [...this.read(filter)].flatMap((text) =>
      linesOf(text).map((line) => JSON.parse(line) as TrailEntry),
    )
  }

  /** Gives denials as `DenialIndex.lines` does. */
  denials(causes?: readonly string[]): string[] {
    return this.index.lines(causes)
  }

  clear(): void {
    this.blocks = []
    this.bytes = 0
    this.empty()
    this.index.clear()
  }

  /** Calls back for every entry from now on; gives the function that ends it. */
  listen(listener: (entry: TrailEntry) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}

const isDenied = ({ decision }: TrailEntry): boolean => decision.effect !== 'allowed'

const linesOf = (text: string): string[] => text.split('\n').filter(Boolean)

/** Reading a line costs twenty times what searching it does, so only those are read that hold what is wanted. */
function chosen(text: string, filter: TrailFilter): string {
  const { denied = false, since = 0, ...equal } = filter
  const wanted = Object.entries(equal).filter(([, value]) => value !== undefined)
  if (!denied && !since && !wanted.length) return text
  const parts = wanted.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
  return linesOf(text)
    .filter((line) => {
      if (!parts.every((part) => line.includes(part))) return false
      const entry = JSON.parse(line) as TrailEntry
      if (entry.time < since || (denied && !isDenied(entry))) return false
      return wanted.every(([key, value]) => entry[key as keyof TrailEntry] === value)
    })
    .map((line) => `${line}\n`)
    .join('')
}
