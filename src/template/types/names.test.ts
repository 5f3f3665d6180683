/** Physical names. */
import { expect, test } from 'vitest'
import { patterns } from '../values/patterns.ts'
import { madeName, type NameRule, nameToBe } from './names.ts'

const pattern = (rule: NameRule, stack: string, id: string) => patterns(nameToBe(rule, stack, id, stack))[0]

test('is the stack, the resource and twelve characters, the same for the same seed', () => {
  const name = madeName({}, 'stack', 'Queue', 'seed')
  expect(name).toMatch(/^stack-Queue-[A-Z0-9]{12}$/)
  expect(madeName({}, 'stack', 'Queue', 'seed')).toBe(name)
  expect(madeName({}, 'stack', 'Queue', 'other')).not.toBe(name)
})

test('is shortened to fit, whichever part is long', () => {
  const long = 'a'.repeat(100)
  for (const [stack, logicalId] of [
    [long, 'Short'],
    ['short', long],
    [long, long],
  ]) {
    const name = madeName({ longest: 63, letters: 'lower' }, stack!, logicalId!, 'seed')
    expect(name.length).toBe(63)
    expect(name).toMatch(/^[a-z0-9-]+-[a-z0-9]{12}$/)
  }
})

test('stack and id share what there is, an odd character is the stack’s', () => {
  const rule = { longest: 63 }
  expect(madeName(rule, 's'.repeat(55), 'i'.repeat(30), 'seed')).toMatch(/^s{25}-i{24}-[A-Z0-9]{12}$/)
  expect(madeName(rule, 's'.repeat(55), 'i'.repeat(20), 'seed')).toMatch(/^s{29}-i{20}-[A-Z0-9]{12}$/)
  expect(pattern(rule, 's'.repeat(55), 'i'.repeat(30))).toBe(`${'s'.repeat(25)}-${'i'.repeat(24)}-*`)
})

test('parameters and secrets are named for their ids alone', () => {
  const parameter: NameRule = { made: 'CFN-logical' }
  expect(madeName(parameter, 'orders', 'P', 'seed')).toMatch(/^CFN-P-[A-Za-z0-9]{12}$/)
  expect(pattern(parameter, 'orders', 'P')).toBe('CFN-P-*')
  expect(pattern({ made: 'logical', longest: 512 }, 'orders', 'S')).toBe('S-*')
})

test('a pattern ends where nobody knows how the name goes on', () => {
  expect(pattern({}, 'orders', 'Vault')).toBe('orders-Vault-*')
  expect(pattern({}, 's'.repeat(60), 'Vault')).toBe(`${'s'.repeat(31)}*`)
  expect(pattern({ longest: 32, sureOfStack: 5 }, 'orders', 'Balancer')).toBe('order*')
})

test('what is made and what is to be fit each other, for every rule', () => {
  const rules: NameRule[] = [
    {},
    { longest: 64 },
    { longest: 63, letters: 'lower' },
    { made: 'logical', longest: 40 },
    { made: 'CFN-logical' },
    { longest: 32, sureOfStack: 5 },
  ]
  for (const rule of rules)
    for (const stack of ['s', 'Stack-'.repeat(4), 'Long'.repeat(32)])
      for (const id of ['Id', 'Longer'.repeat(10)]) {
        const text = pattern(rule, stack, id)!
        expect(text.endsWith('*')).toBe(true)
        expect(madeName(rule, stack, id, 'seed').startsWith(text.slice(0, -1))).toBe(true)
      }
})
