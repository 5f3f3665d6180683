/** Blocks cut out of IP blocks. */
import { expect, test } from 'vitest'
import { cidrBlocks } from './cidr.ts'

test.each([
  ['10.0.0.0/16', 2, 8, ['10.0.0.0/24', '10.0.1.0/24']],
  ['10.0.7.9/16', 1, 4, ['10.0.0.0/28']],
  ['192.168.0.0/24', 2, 7, ['192.168.0.0/25', '192.168.0.128/25']],
  ['2001:db8::/48', 2, 64, ['2001:db8::/64', '2001:db8:0:1::/64']],
  ['fd00:1:2:3:4:5:6:0/112', 1, 8, ['fd00:1:2:3:4:5:6:0/120']],
  ['::/0', 1, 64, ['::/64']],
])('%s into %i blocks of %i bits', (block, count, bits, blocks) => {
  expect(cidrBlocks(block, count, bits)).toEqual(blocks)
})

test.each([
  ['10.0.0.0', 1, 8, 'is not a valid CIDR block'],
  ['10.0.0.300/8', 1, 8, 'is not a valid CIDR block'],
  ['1:2/8', 1, 8, 'is not a valid CIDR block'],
  ['10.0.0.0/24', 2, 8, 'cannot cut 2 blocks of 8 bits'],
  ['10.0.0.0/24', 1, 9, 'cannot cut'],
  ['10.0.0.0/8', 257, 8, 'count must be between 1 and 256'],
])('refuses %s into %i blocks of %i bits', (block, count, bits, message) => {
  expect(() => cidrBlocks(block, count, bits)).toThrow(message)
})
