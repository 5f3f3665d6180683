/** Physical names. */
import { expect, test } from 'vitest'
import { physicalName } from './physical-name.ts'

test('is the stack, the resource and twelve characters, the same for the same seed', () => {
  const name = physicalName('stack', 'Queue', 'seed')
  expect(name).toMatch(/^stack-Queue-[A-Z0-9]{12}$/)
  expect(physicalName('stack', 'Queue', 'seed')).toBe(name)
  expect(physicalName('stack', 'Queue', 'other')).not.toBe(name)
})

test('is shortened to fit, whichever part is long', () => {
  const long = 'a'.repeat(100)
  for (const [stack, logicalId] of [
    [long, 'Short'],
    ['short', long],
    [long, long],
  ]) {
    const name = physicalName(stack!, logicalId!, 'seed', { maxLength: 63, lowercase: true })
    expect(name.length).toBeLessThanOrEqual(63)
    expect(name).toMatch(/^[a-z0-9-]+-[a-z0-9]{12}$/)
  }
})
