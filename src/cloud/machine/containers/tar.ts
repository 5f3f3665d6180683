/** Reads tar archives as they come in: of the ustar, pax and GNU kinds, which images' layers are. */

export interface TarEntry {
  readonly name: string
  readonly type: 'file' | 'folder' | 'link' | 'hard link' | 'device' | 'pipe'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  /** Where a link leads to. */
  readonly leadsTo: string
}

const BLOCK = 512
/** Bytes of names and other headers of one entry. */
const HEADER_LIMIT = 1024 ** 2

const TYPES: Readonly<Record<string, TarEntry['type']>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hard link',
  '2': 'link',
  '3': 'device',
  '4': 'device',
  '5': 'folder',
  '6': 'pipe',
}

/**
 * Calls back for each entry, with its bytes, which are taken before the next is read.
 * Errors: an Error when the archive is none, or ends within an entry.
 */
export async function readTar(
  chunks: AsyncIterable<Uint8Array>,
  take: (entry: TarEntry, content: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const input = new Input(chunks)
  let given: Record<string, string> = {}
  for (;;) {
    const header = await input.block()
    if (!header || header.every((byte) => byte === 0)) return
    checkSum(header)
    const type = String.fromCharCode(header[156]!)
    const size = given.size === undefined ? number(header, 124, 12) : Number(given.size)
    if (!Number.isSafeInteger(size) || size < 0) throw new Error('a size in the archive is none')
    const left = { bytes: size }
    const content = input.content(left)
    if ('xgLK'.includes(type)) {
      const text = await whole(content, size)
      if (type === 'x') given = { ...given, ...paxOf(text) }
      else if (type === 'L') given = { ...given, path: cString(text) }
      else if (type === 'K') given = { ...given, linkpath: cString(text) }
    } else {
      const kind = TYPES[type]
      if (!kind) throw new Error(`the archive holds an entry of the unknown type "${type}"`)
      await take(entryOf(header, kind, size, given), content)
      given = {}
      for await (const _ of content);
    }
    await input.skip((BLOCK - (size % BLOCK)) % BLOCK)
  }
}

function entryOf(
  header: Buffer,
  type: TarEntry['type'],
  size: number,
  given: Readonly<Record<string, string>>,
): TarEntry {
  const isUstar = header.toString('latin1', 257, 262) === 'ustar'
  const prefix = isUstar && header[262] === 0 ? text(header, 345, 155) : ''
  const short = text(header, 0, 100)
  return {
    name: given.path ?? (prefix ? `${prefix}/${short}` : short),
    type: type === 'file' && short.endsWith('/') ? 'folder' : type,
    mode: number(header, 100, 8) & 0o7777,
    uid: given.uid === undefined ? number(header, 108, 8) : Number(given.uid),
    gid: given.gid === undefined ? number(header, 116, 8) : Number(given.gid),
    size,
    leadsTo: given.linkpath ?? text(header, 157, 100),
  }
}

const cString = (bytes: Buffer): string => bytes.toString('utf8').replace(/\0.*$/s, '')

const text = (header: Buffer, at: number, length: number): string => cString(header.subarray(at, at + length))

/** Octal digits, or as GNU writes what does not fit: the bytes of the number behind a set bit. */
function number(header: Buffer, at: number, length: number): number {
  const field = header.subarray(at, at + length)
  if (field[0]! & 0x80)
    return [...field.subarray(1)].reduce((sum, byte) => sum * 256 + byte, field[0]! & 0x7f)
  return Number.parseInt(cString(field).trim() || '0', 8)
}

function checkSum(header: Buffer): void {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
  if (sum !== number(header, 148, 8)) throw new Error('it is no tar archive')
}

/** `LENGTH KEY=VALUE\n`, one behind the other; a length counts itself. */
function paxOf(bytes: Buffer): Record<string, string> {
  const found: Record<string, string> = {}
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at)
    const length = Number(bytes.toString('latin1', at, space))
    if (space < 0 || !(length > 0)) throw new Error('the archive holds a broken header')
    const [, key, value] = /^([^=]*)=(.*)\n$/s.exec(bytes.toString('utf8', space + 1, at + length)) ?? []
    if (key && value !== undefined && ['path', 'linkpath', 'size', 'uid', 'gid'].includes(key))
      found[key] = value
    at += length
  }
  return found
}

async function whole(content: AsyncIterable<Uint8Array>, size: number): Promise<Buffer> {
  if (size > HEADER_LIMIT) throw new Error('the archive holds a header that is too long')
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The archive's bytes, taken in pieces of the sizes that are asked for. */
class Input {
  private readonly source: AsyncIterator<Uint8Array>
  private rest: Buffer = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.source = chunks[Symbol.asyncIterator]()
  }

  private async fill(): Promise<boolean> {
    const { done, value } = await this.source.next()
    if (done) return false
    this.rest = this.rest.length ? Buffer.concat([this.rest, value]) : Buffer.from(value)
    return true
  }

  /** Undefined at the end. */
  async block(): Promise<Buffer | undefined> {
    while (this.rest.length < BLOCK)
      if (!(await this.fill())) {
        if (this.rest.length) throw new Error('the archive ends within a header')
        return undefined
      }
    const block = this.rest.subarray(0, BLOCK)
    this.rest = this.rest.subarray(BLOCK)
    return block
  }

  /** The next bytes; whoever reads no further leaves the rest for another reading of the same. */
  async *content(left: { bytes: number }): AsyncGenerator<Uint8Array> {
    while (left.bytes > 0) {
      if (!this.rest.length && !(await this.fill())) throw new Error('the archive ends within an entry')
      const chunk = this.rest.subarray(0, left.bytes)
      this.rest = this.rest.subarray(chunk.length)
      left.bytes -= chunk.length
      yield chunk
    }
  }

  async skip(bytes: number): Promise<void> {
    for await (const _ of this.content({ bytes }));
  }
}
