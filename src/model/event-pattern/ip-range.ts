/** The match expression `cidr`. */
import { BlockList, isIP } from 'node:net'
import type { Refuse } from './invalid-pattern.ts'

/** Gives the test for addresses in a block such as `10.0.0.0/24` or `2001:db8::/32`. */
export function ipRange(cidr: string, refuse: Refuse): (value: string) => boolean {
  const parts = cidr.split('/')
  if (parts.length !== 2) throw refuse("Malformed CIDR, one '/' required")
  const [address = '', mask = ''] = parts
  if (!/^-?\d+$/.test(mask)) throw refuse('Malformed CIDR, mask bits must be an integer')
  const version = isIP(address)
  if (!version) throw refuse(`Nonstandard IP address: ${address}`)
  const most = version === 4 ? 32 : 128
  const bits = Number(mask)
  if (bits < 0 || bits > most) throw refuse(`Malformed CIDR, mask bits must be between 0 and ${most}`)
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const block = new BlockList()
  block.addSubnet(address, bits, family)
  return (value) => isIP(value) === version && block.check(value, family)
}
