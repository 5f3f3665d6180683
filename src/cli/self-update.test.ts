import { expect, test } from 'vitest'
import type { Accounts } from '../aws/index.ts'
import { HeldLock } from '../deploy/index.ts'
import { FleetError } from '../model/index.ts'
import { whileHeld, withOutdatedRole } from './self-update.ts'
import type { Terminal } from './terminal.ts'

const accounts = { endpoint: 'http://127.0.0.1:1' } as Accounts

function listening() {
  const told: string[] = []
  return { told, terminal: { warn: (text: string) => void told.push(text) } as unknown as Terminal }
}

test('an update waits for who changes the fleet, and says so once', async () => {
  const { told, terminal } = listening()
  let tries = 0
  const work = async () => {
    if (++tries < 3) throw new HeldLock('ana has begun to deploy this fleet')
    return 'done'
  }
  expect(await whileHeld(work, accounts, terminal)).toBe('done')
  expect(told).toEqual(['ana has begun to deploy this fleet: waiting'])
})

test('it waits for nothing else', async () => {
  const { terminal } = listening()
  const work = () => Promise.reject(new FleetError('no'))
  await expect(whileHeld(work, accounts, terminal)).rejects.toThrow('no')
})

test('one that is denied something says who deploys it', () => {
  const denied = new Error('x is not authorized to perform: sns:CreateTopic')
  expect(String(withOutdatedRole(denied, 'orders'))).toContain('fix: run `crossdock deploy` yourself once')
  const other = new Error('a bucket of that name exists')
  expect(withOutdatedRole(other, 'orders')).toBe(other)
})
