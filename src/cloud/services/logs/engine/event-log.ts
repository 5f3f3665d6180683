/** The events of log streams: one append-only file per stream, read once and then kept in memory while in use. */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Cloud, part } from '../../../kernel/cloud.ts'
import { randomBytes } from '../../../machine/random-bytes.ts'

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

/** Bytes in memory; past it the streams read longest ago are dropped and read again when asked for. */
const LIMIT = 64 * 1024 ** 2
/** Bytes of an event beside its message, roughly. */
const OVERHEAD = 200

const sizeOf = ({ message }: { message: string }): number => message.length + OVERHEAD

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
    let text = ''
    for (const { timestamp, message } of events) {
      const json = `[${timestamp},${now},${JSON.stringify(message)}]`
      text += key ? `${key.index}:${encrypt(json, key.plaintext)}\n` : `${json}\n`
    }
    appendFileSync(this.path(stream), text, { mode: 0o600 })
    const list = this.loaded.get(stream)
    if (!list) return
    const digits = streamDigits(stream)
    for (const { timestamp, message } of events) this.add(digits, list, [timestamp, now, message])
    this.shrink(stream)
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
    const digits = streamDigits(stream)
    for (const text of this.lines(stream)) {
      const colon = text.startsWith('[') ? -1 : text.indexOf(':')
      const json = colon < 0 ? text : decrypt(text.slice(colon + 1), keyOf(Number(text.slice(0, colon))))
      this.add(digits, list, JSON.parse(json) as Line)
    }
    this.shrink(stream)
    return list
  }

  remove(stream: string): void {
    this.drop(stream)
    rmSync(this.path(stream), { force: true })
  }

  /** Complete lines only: a crash may have cut the last one. */
  private lines(stream: string): string[] {
    if (!existsSync(this.path(stream))) return []
    return readFileSync(this.path(stream), 'utf8').split('\n').slice(0, -1)
  }

  private add(digits: string, list: LogEvent[], [timestamp, ingestedAt, message]: Line): void {
    const id = String(timestamp).padStart(20, '0') + digits + String(list.length).padStart(16, '0')
    let at = list.length
    while (at > 0 && list[at - 1]!.timestamp > timestamp) at--
    const event = { id, timestamp, ingestedAt, message }
    if (at === list.length) list.push(event)
    else list.splice(at, 0, event)
    this.held += sizeOf(event)
  }

  private shrink(keep: string): void {
    for (const stream of this.loaded.keys()) {
      if (this.held <= LIMIT) return
      if (stream !== keep) this.drop(stream)
    }
  }

  private drop(stream: string): void {
    for (const event of this.loaded.get(stream) ?? []) this.held -= sizeOf(event)
    this.loaded.delete(stream)
  }
}

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

const log = part({ name: 'log events', make: ({ folder }) => new EventLog(join(folder, 'logs')) })

/** The cloud's events, under `logs/` in its folder. */
export const eventLog = (cloud: Cloud): EventLog => cloud.part(log)
