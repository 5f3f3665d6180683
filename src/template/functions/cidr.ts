/** Fn::Cidr: consecutive blocks cut out of an IP block. */
import type { Scope } from '../evaluate/evaluating.ts'
import { templateFault } from '../read/template-fault.ts'
import { overChoices } from '../values/choices.ts'
import { textOf } from '../values/text.ts'
import { hasOpen, unknownResult } from '../values/unknowns.ts'
import { isList, type Value } from '../values/value.ts'
import { type IntrinsicFunction, isListOf, textParts } from './intrinsic-function.ts'

export const cidr: IntrinsicFunction = {
  name: 'Fn::Cidr',
  check: (argument) =>
    isListOf(argument, 2) || isListOf(argument, 3)
      ? undefined
      : 'Template error: every Fn::Cidr object requires two or three parameters, an IP block, a count and the number of CIDR bits.',
  apply: (argument, { scope, value }) =>
    overChoices([value(argument)], ([given]) =>
      overChoices(isList(given) ? given : [], (values) => blocksOf(values, scope)),
    ),
}

function blocksOf(values: readonly (Value | undefined)[], scope: Scope): Value {
  if (hasOpen(values)) return unknownResult('Fn::Cidr', scope, values, { looks: 'list' })
  const [block, count, bits] = values
  const text = textOf(textParts(block, 'the IP block of Fn::Cidr'))
  return cidrBlocks(String(text), Number(count), Number(bits ?? 8))
}

/**
 * Gives `count` blocks, each leaving `bits` bits for hosts. Both IPv4 and IPv6.
 * Errors: ValidationError where they do not fit. AWS: 1 to 256 blocks.
 */
export function cidrBlocks(block: string, count: number, bits: number): string[] {
  const [address = '', prefix] = block.split('/')
  const v6 = address.includes(':')
  const width = v6 ? 128 : 32
  const outer = Number(prefix)
  const inner = width - bits
  const start = v6 ? parse6(address) : parse4(address)
  if (start === undefined || !prefix || !(outer >= 0 && outer <= width))
    throw templateFault(`Template error: ${block} is not a valid CIDR block.`)
  if (!(count >= 1 && count <= 256))
    throw templateFault('Template error: Fn::Cidr count must be between 1 and 256.')
  if (!(inner >= outer && bits >= 0) || BigInt(count) > 1n << BigInt(inner - outer))
    throw templateFault(
      `Template error: Fn::Cidr cannot cut ${count} blocks of ${bits} bits out of ${block}.`,
    )
  const first = (start >> BigInt(width - outer)) << BigInt(width - outer)
  return Array.from({ length: count }, (_, index) => {
    const at = first + (BigInt(index) << BigInt(bits))
    return `${v6 ? format6(at) : format4(at)}/${inner}`
  })
}

function parse4(address: string): bigint | undefined {
  const parts = address.split('.').map(Number)
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined
  return parts.reduce((sum, part) => (sum << 8n) + BigInt(part), 0n)
}

const format4 = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')

function parse6(address: string): bigint | undefined {
  const [head = '', tail] = address.split('::')
  const left = head ? head.split(':') : []
  const right = tail ? tail.split(':') : []
  const gap = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array<string>(Math.max(gap, 0)).fill('0'), ...right]
  if (groups.length !== 8 || groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(Number.parseInt(group, 16)), 0n)
}

function format6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  )
  let [start, longest] = [-1, 1]
  for (let from = 0; from < 8; from++) {
    let length = 0
    while (groups[from + length] === '0') length++
    if (length > longest) [start, longest] = [from, length]
  }
  if (start < 0) return groups.join(':')
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + longest).join(':')}`
}
