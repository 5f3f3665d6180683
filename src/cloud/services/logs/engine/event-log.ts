/** The events of log streams: one append-only file per stream, read once and then kept in memory while in use. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Cloud } from '../../../kernel/cloud.ts'

export interface LogEvent {
  /** 56 digits that sort as the events do. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly ingestedAt: number
  readonly message: string
}

/** Gives the plaintext of a stream group's data key by its place in the list. */
export type KeyOf = (index: number) => Buffer

type Line = [timestamp: number, ingestedAt: number, message: string]

/** Events in memory; past it the streams read longest ago are dropped and read again when asked for. */
const LIMIT = 200_000

export class EventLog {
  private readonly folder: string
  private readonly loaded = new Map<string, LogEvent[]>()
  private held = 0

  constructor(folder: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  private path(stream: string): string {
    return join(this.folder, `${stream}.log`)
  }

  /** Appends events, in the order of their timestamps. With a key they are encrypted on disk. */
  append(
    stream: string,
    events: readonly { timestamp: number; message: string }[],
    now: number,
    key?: { index: number; plaintext: Buffer },
  ): void {
    const lines = events.map(({ timestamp, message }): Line => [timestamp, now, message])
    const text = lines.map((line) => {
      const json = JSON.stringify(line)
      return key ? `${key.index}:${encrypt(json, key.plaintext)}\n` : `${json}\n`
    })
    appendFileSync(this.path(stream), text.join(''), { mode: 0o600 })
    const list = this.loaded.get(stream)
    if (list) for (const line of lines) this.add(stream, list, line)
  }

  /** All events of a stream, oldest first. `keyOf` is asked for what was written under a key. */
  read(stream: string, keyOf: KeyOf): readonly LogEvent[] {
    const known = this.loaded.get(stream)
    if (known) {
      this.loaded.delete(stream)
      this.loaded.set(stream, known)
      return known
    }
    const list: LogEvent[] = []
    this.loaded.set(stream, list)
    for (const text of this.lines(stream)) {
      const colon = text.startsWith('[') ? -1 : text.indexOf(':')
      const json = colon < 0 ? text : decrypt(text.slice(colon + 1), keyOf(Number(text.slice(0, colon))))
      this.add(stream, list, JSON.parse(json) as Line)
    }
    this.shrink(stream)
    return list
  }

  remove(stream: string): void {
    this.held -= this.loaded.get(stream)?.length ?? 0
    this.loaded.delete(stream)
    rmSync(this.path(stream), { force: true })
  }

  /** Complete lines only: a crash may have cut the last one. */
  private lines(stream: string): string[] {
    if (!existsSync(this.path(stream))) return []
    return readFileSync(this.path(stream), 'utf8').split('\n').slice(0, -1)
  }

  private add(stream: string, list: LogEvent[], [timestamp, ingestedAt, message]: Line): void {
    const id = digits(timestamp) + streamDigits(stream) + String(list.length).padStart(16, '0')
    let at = list.length
    while (at > 0 && list[at - 1]!.timestamp > timestamp) at--
    list.splice(at, 0, { id, timestamp, ingestedAt, message })
    this.held++
  }

  private shrink(keep: string): void {
    for (const [stream, list] of this.loaded) {
      if (this.held <= LIMIT) return
      if (stream === keep) continue
      this.loaded.delete(stream)
      this.held -= list.length
    }
  }
}

const digits = (number: number): string => String(number).padStart(20, '0')

/** Twenty digits that tell a stream's events from those of other streams at the same millisecond. */
const streamDigits = (stream: string): string => {
  const hash = createHash('sha256').update(stream).digest('hex').slice(0, 16)
  return BigInt(`0x${hash}`).toString().padStart(20, '0')
}

function encrypt(text: string, key: Buffer): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

function decrypt(text: string, key: Buffer): string {
  const sealed = Buffer.from(text, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
  decipher.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString()
}

const logs = new WeakMap<Cloud, EventLog>()

/** The cloud's events, under `logs/` in its folder. */
export function eventLog(cloud: Cloud): EventLog {
  const log = logs.get(cloud) ?? new EventLog(join(cloud.folder, 'logs'))
  logs.set(cloud, log)
  return log
}
