/** Whether the host that a request names is this machine, or AWS for which this machine stands in. */
import { BlockList, isIP } from 'node:net'
import { isAwsName } from '../endpoint-label.ts'

/**
 * For IPv6, which writes one address in many ways, IPv4's among them. IPv4 itself is told by its first number: a look here
 * takes 1.4 microseconds, a tenth of the door.
 */
const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** `localhost`, every name below it, and names below an address of loopback, as S3 puts its buckets there. */
const LOCAL_NAME = /^(?:(?:[a-z0-9_-]+\.)*localhost|(?:[a-z0-9_-]+\.)+127(?:\.\d{1,3}){3})$/

/** One that clients can write; which of them are AWS's is said by their end. */
const NAME = /^(?:[a-z0-9_-]+\.)*[a-z0-9_-]+$/

export type HostKind = 'loopback' | 'aws' | undefined

/**
 * Tells what a Host header or the authority of an address names; undefined for every other name, since whoever owns
 * that name decides where it leads to. Numbers that only some programs take for 127.0.0.1 (`127.1`) are no loopback.
 */
export function ownHost(host: string): HostKind {
  const [, bracketed, plain = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::\d*)?$/.exec(host) ?? []
  if (bracketed !== undefined)
    return isIP(bracketed) === 6 && loopback.check(bracketed, 'ipv6') ? 'loopback' : undefined
  const name = plain.toLowerCase().replace(/\.$/, '')
  if (isIP(name) === 4) return name.startsWith('127.') ? 'loopback' : undefined
  if (LOCAL_NAME.test(name)) return 'loopback'
  return NAME.test(name) && isAwsName(name) ? 'aws' : undefined
}
