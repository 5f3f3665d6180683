/** The beginning of a push: which references it makes, moves and deletes, read before git has it. */
import type { Readable } from 'node:stream'

export interface PushHead {
  readonly references: readonly string[]
  readonly capabilities: readonly string[]
}

/** More is refused. AWS: quotas, "Number of references in a single push": 4,000. */
const MOST_REFERENCES = 4000
/** As many references with the longest names. */
const LIMIT = 2 * 1024 * 1024

/** Why the beginning of a push is none, in words. */
export class NoPush extends Error {
  override readonly name = 'NoPush'
}

/**
 * Reads the commands of a push and puts what it has read back, so that git gets all of it.
 * Errors: NoPush; those of the stream.
 */
export function readPushHead(body: Readable): Promise<PushHead> {
  return new Promise((resolve, reject) => {
    let held = Buffer.alloc(0)
    const end = (result: PushHead | Error) => {
      body.off('readable', more)
      body.off('error', end)
      body.off('end', gone)
      if (result instanceof Error) return reject(result)
      if (held.length) body.unshift(held)
      resolve(result)
    }
    const gone = () => end(new NoPush('The push ends before its commands do.'))
    const more = () => {
      for (let chunk = body.read(); chunk !== null; chunk = body.read()) {
        held = Buffer.concat([held, chunk])
        const head = parsePushHead(held)
        if (head) return end(head)
      }
    }
    body.on('readable', more)
    body.once('error', end)
    body.once('end', gone)
  })
}

/** Gives what the commands say; undefined while there are more to come; why it is no push otherwise. */
export function parsePushHead(bytes: Buffer): PushHead | NoPush | undefined {
  const references: string[] = []
  let capabilities: string[] = []
  for (let at = 0; ; ) {
    if (bytes.length < at + 4) break
    const digits = bytes.toString('latin1', at, at + 4)
    const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : 1
    if (length === 0) return { references, capabilities }
    if (length < 4) return new NoPush(`A command of the push begins with ${JSON.stringify(digits)}.`)
    if (bytes.length < at + length) break
    const [line = '', more] = bytes.toString('utf8', at + 4, at + length).split('\0')
    if (more !== undefined) capabilities = more.trim().split(' ')
    at += length
    const command = /^[0-9a-f]{40} [0-9a-f]{40} (.+?)\n?$/s.exec(line)
    if (command) references.push(command[1]!)
    else if (!/^shallow [0-9a-f]{40}\n?$/.test(line))
      return new NoPush(`The embedded cloud does not support "${line.slice(0, 40).trim()}" in a push.`)
    if (references.length > MOST_REFERENCES)
      return new NoPush(`A push has at most ${MOST_REFERENCES} references.`)
  }
  return bytes.length > LIMIT ? new NoPush('The commands of the push are too long.') : undefined
}

const packet = (text: string): string =>
  `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`

/** Room for a line behind the four digits and the band. */
const LONGEST = 900

/**
 * Gives git's own answer to a push of which nothing is taken, with the reason at each reference; undefined where the
 * client would not read one (gitprotocol-pack, "Report Status").
 */
export function refusedPush({ references, capabilities }: PushHead, reason: string): string | undefined {
  if (!capabilities.some((one) => one === 'report-status' || one === 'report-status-v2')) return undefined
  const words = reason.replaceAll(/\s+/g, ' ').slice(0, LONGEST)
  const report = `${packet('unpack ok\n')}${references.map((one) => packet(`ng ${one} ${words}\n`)).join('')}0000`
  if (!capabilities.includes('side-band-64k')) return report
  const pieces = report.match(/[\s\S]{1,10000}/g) ?? []
  return `${pieces.map((piece) => packet(`\x01${piece}`)).join('')}0000`
}
