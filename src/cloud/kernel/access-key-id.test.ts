import { describe, expect, it } from 'vitest'
import { accountOfAccessKeyId, newAccessKeyId } from './access-key-id.ts'
import { randomIds } from './clock.ts'

describe('access key ids', () => {
  it.each(['111111111111', '000000000001', '999999999999'])('carry the account %s', (account) => {
    for (let index = 0; index < 200; index++) {
      const id = newAccessKeyId('ASIA', account, randomIds)
      expect(id).toMatch(/^ASIA[A-Z2-7]{16}$/)
      expect(accountOfAccessKeyId(id)).toBe(account)
    }
  })

  it('differ from one another', () => {
    const made = Array.from({ length: 1000 }, () => newAccessKeyId('AKIA', '111111111111', randomIds))
    expect(new Set(made).size).toBe(1000)
  })

  it('are told from other texts', () => {
    for (const text of ['', '111111111111', 'AKIA', 'AKIAQQQQQQQQQQQQQQQ1', 'XKIAQQQQQQQQQQQQQQQQ'])
      expect(accountOfAccessKeyId(text)).toBeUndefined()
  })
})
