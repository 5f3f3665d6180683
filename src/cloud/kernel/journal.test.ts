import { afterAll, expect, test } from 'vitest'
import { AwsError } from '../../model/index.ts'
import { Journal, journals } from './journal.ts'
import { Store } from './store.ts'

const store = new Store()
const table = store.of(journals)
afterAll(async () => {
  await store.close()
})

let count = 0
/** Counts how often a service is really asked. */
const asked: string[] = []
const service = (answer: string) => async () => {
  asked.push(answer)
  return `${answer} ${++count}`
}
const open = (work: string, lasting = true) => new Journal(table, work, () => lasting)

test('what was answered is not asked again, and comes in the same order', async () => {
  const work = async (journal: Journal) => [
    await journal.call('kms:DescribeKey', { KeyId: 'a' }, service('describe a')),
    await journal.call('kms:CreateKey', {}, service('create')),
    await journal.call('kms:CreateKey', {}, service('create')),
    await journal.call('kms:DescribeKey', { KeyId: 'a' }, service('describe a')),
    journal.once('uuid', () => `id ${++count}`),
    await journal.step('begin', () => `begun ${++count}`),
  ]
  asked.length = 0
  const first = await work(open('same'))
  expect(asked).toEqual(['describe a', 'create', 'create', 'describe a'])
  expect(await work(open('same'))).toEqual(first)
  expect(asked).toHaveLength(4)
  open('same').end()
  expect(table.size).toBe(0)
  expect(await work(open('same'))).not.toEqual(first)
  open('same').end()
})

test('reads are only kept once something is done with them', async () => {
  const journal = open('reads')
  await journal.call('iam:GetRole', { RoleName: 'r' }, service('get'))
  expect(table.size).toBe(0)
  await journal.call('iam:DeleteRole', { RoleName: 'r' }, service('delete'))
  expect(table.size).toBe(2)
  journal.end()
})

test('of a question asked again and again the last answer counts, and then it is asked again', async () => {
  const ask = (journal: Journal) => journal.call('lambda:GetFunction', { FunctionName: 'f' }, service('get'))
  const journal = open('poll')
  await ask(journal)
  await ask(journal)
  const ready = await ask(journal)
  await journal.call('lambda:TagResource', {}, service('tag'))
  expect(table.size).toBe(2)
  const resumed = open('poll')
  asked.length = 0
  expect(await ask(resumed)).toBe(ready)
  expect(asked).toEqual([])
  expect(await ask(resumed)).not.toBe(ready)
  journal.end()
})

test('failures come again, unless they came of the end of the cloud', async () => {
  const failing = async () => {
    throw new AwsError('NotFoundException', 'gone', { status: 404, fields: { key: 'k' } })
  }
  const ask = (journal: Journal, answer: () => Promise<unknown>) => journal.call('kms:EnableKey', {}, answer)
  await expect(ask(open('failed'), failing)).rejects.toThrow('gone')
  await expect(ask(open('failed'), service('enable'))).rejects.toMatchObject({
    code: 'NotFoundException',
    status: 404,
    fields: { key: 'k' },
  })
  open('failed').end()
  await expect(ask(open('stopping', false), failing)).rejects.toThrow('gone')
  expect(await ask(open('stopping'), service('enable'))).toMatch(/^enable/)
  open('stopping').end()
})

test('an answer that is still to be read is asked for anew', async () => {
  const read = async () => ({ Body: (async function* () {})() })
  const journal = open('stream')
  await journal.call('s3:GetObject', { Key: 'k' }, read)
  await journal.call('s3:PutObject', {}, service('put'))
  expect(table.size).toBe(1)
  journal.end()
})
