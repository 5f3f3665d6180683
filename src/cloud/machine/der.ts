/** DER: the encoding of certificates, as much of it as they need (ITU-T X.690). */

const tlv = (tag: number, content: Uint8Array): Buffer => {
  const { length } = content
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff)
  const head = length < 128 ? [tag, length] : [tag, 0x80 | bytes.length, ...bytes]
  return Buffer.concat([Buffer.from(head), content])
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, Buffer.concat(parts))
export const set = (...parts: readonly Uint8Array[]): Buffer => tlv(0x31, Buffer.concat(parts))
export const octets = (content: Uint8Array): Buffer => tlv(0x04, content)
export const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text))
export const yes: Buffer = tlv(0x01, Buffer.from([0xff]))

/** A number that is not negative, given as its bytes. */
export const integer = (bytes: Uint8Array): Buffer => {
  const from = bytes.findIndex((byte) => byte !== 0)
  const significant = from < 0 ? Buffer.from([0]) : bytes.subarray(from)
  return tlv(0x02, significant[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), significant]) : significant)
}

/** `unused` are the bits at the end that do not count. */
export const bits = (content: Uint8Array, unused = 0): Buffer =>
  tlv(0x03, Buffer.concat([Buffer.from([unused]), content]))

/** A context's own tag: `constructed` where the content is made of elements. */
export const tagged = (
  number: number,
  content: Uint8Array,
  kind: 'constructed' | 'primitive' = 'constructed',
): Buffer => tlv((kind === 'constructed' ? 0xa0 : 0x80) | number, content)

/** `2.5.29.17`. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const groups = [arc & 0x7f]
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift(0x80 | (left & 0x7f))
    bytes.push(...groups)
  }
  return tlv(0x06, Buffer.from(bytes))
}

/** To the second; RFC 5280, 4.1.2.5: two digits for years before 2050. */
export function time(date: Date): Buffer {
  const text = `${date.toISOString().replace(/[-:T]|\.\d+Z$/g, '')}Z`
  return date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(text.slice(2))) : tlv(0x18, Buffer.from(text))
}
