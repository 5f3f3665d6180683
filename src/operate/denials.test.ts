import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { fakeAccounts } from '../../tests/fake-accounts.ts'
import { deniedIn, ENDPOINT, recordOf } from '../../tests/fake-cloud-record.ts'
import { inlinePolicy } from '../model/index.ts'
import { denialsOf, withPlaces } from './denials.ts'
import type { ActionState } from './pipeline-state.ts'
import type { PolicyPlaces } from './policy-places.ts'

const action = (id: string | undefined): ActionState => ({
  ...(id !== undefined && { id }),
  name: 'Deploy',
  provider: 'S3',
  category: 'Deploy',
  account: '222222222222',
  region: 'us-east-1',
  status: 'Failed',
  configuration: {},
})
const told = async (lines: readonly (object | string)[], status?: number) => {
  recordOf(lines, status)
  return denialsOf(ENDPOINT, [action('a')])
}

describe('denials', () => {
  test('are told by action, in one request for all', async () => {
    const asked = recordOf([deniedIn('a'), deniedIn('b'), deniedIn('a', { action: 's3:PutObject' })])
    const { of, trouble } = await denialsOf(ENDPOINT, [action('a'), action('b/c'), action(undefined)])
    expect(asked.mock.calls.map(([url]) => url)).toEqual([
      `${ENDPOINT}/_crossdock/denials?cause=a&cause=b%2Fc`,
    ])
    expect(of.get('a')!.map((one) => one.action)).toEqual(['s3:GetObject', 's3:PutObject'])
    expect(of.get('b')).toHaveLength(1)
    expect(of.get('a')![0]).not.toHaveProperty('cause')
    expect(trouble).toBeUndefined()
  })

  test('of very many actions are asked for without their names', async () => {
    const asked = recordOf([])
    await denialsOf(
      ENDPOINT,
      Array.from({ length: 101 }, (_, index) => action(`a${index}`)),
    )
    expect(asked.mock.calls[0]![0]).toBe(`${ENDPOINT}/_crossdock/denials`)
  })

  test('are not asked for on AWS, nor for actions that never ran', async () => {
    const asked = recordOf([])
    expect((await denialsOf(undefined, [action('a')])).of.size).toBe(0)
    expect((await denialsOf(ENDPOINT, [action(undefined)])).of.size).toBe(0)
    expect(asked).not.toHaveBeenCalled()
  })

  test('are none at an emulator that keeps no record', async () => {
    expect(await told(['not found'], 404)).toEqual({ of: new Map() })
  })
})

describe('what is no record of denials is told plainly:', () => {
  const statement = { Action: 's3:GetObject' }
  test.each<[string, object | string, string]>([
    ['a page', '<html>', 'line 1 of its answer is no JSON'],
    ['half a line', JSON.stringify(deniedIn('a')).slice(0, 40), 'line 1 of its answer is no JSON'],
    ['another value', '[]', 'line 1 of its answer is no denial: '],
    [
      'a denial without an action',
      deniedIn('a', { action: undefined }),
      'is no denial: action: Invalid input: expected string',
    ],
    ['reasons that are no list', deniedIn('a', { close: 'x' }), 'is no denial: close: '],
    ['a remedy without advice', deniedIn('a', { remedies: [{ belongsIn: 'x' }] }), 'remedies.0.advice: '],
    [
      'a statement without an effect',
      deniedIn('a', { remedies: [{ belongsIn: 'x', advice: 'y', statement }] }),
      'remedies.0.statement: no statement of a policy',
    ],
  ])('%s', async (_, line, words) => {
    const { of, trouble } = await told([line])
    expect(of.size).toBe(0)
    expect(trouble?.message).toContain(`the embedded cloud at ${ENDPOINT} does not tell what it denied: `)
    expect(trouble?.message).toContain(words)
    expect(trouble?.fix).toBe('run the cloud and the commands with the same version of Crossdock')
  })

  test('the number of the line counts from one', async () => {
    expect((await told([deniedIn('a'), 'x'])).trouble?.message).toContain('line 2 of')
  })

  test('a failure of the cloud', async () => {
    expect((await told([], 500)).trouble?.message).toMatch(/denied: it answers HTTP 500$/)
  })

  test('no answer at all', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('fetch failed')
    })
    onTestFinished(() => void vi.unstubAllGlobals())
    const { trouble } = await denialsOf(ENDPOINT, [action('a')])
    expect(trouble?.message).toMatch(/denied: fetch failed$/)
  })
})

describe('a remedy', () => {
  const statement = (Resource: unknown) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource })
  const remedied = async (Resource: unknown) => {
    const remedies = [{ belongsIn: 'x', advice: 'y', statement: statement(Resource) }]
    const { of } = await told([deniedIn('a', { remedies })])
    return of.get('a')![0]!.remedies[0]!.statement!.Resource
  }

  test('is for all objects of the artifact, not for the one of this run', async () => {
    expect(await remedied('arn:aws:s3:::store/app/BuildOutpu/T6KSiJs')).toBe(
      'arn:aws:s3:::store/app/BuildOutpu/*',
    )
    expect(await remedied('arn:aws:s3:::store/app/BuildOutpu/T6KSiJs.zip')).toBe(
      'arn:aws:s3:::store/app/BuildOutpu/*',
    )
  })

  test.each(['arn:aws:s3:::store/app/BuildOutpu/longer-name', 'arn:aws:s3:::store/key', '*'])(
    'for %s stays as it is',
    async (resource) => {
      expect(await remedied(resource)).toBe(resource)
    },
  )

  test('that adds no statement has none', async () => {
    const remedies = [{ belongsIn: 'x', advice: 'remove the Deny' }]
    expect((await told([deniedIn('a', { remedies })])).of.get('a')![0]!.remedies).toEqual(remedies)
  })

  test('says where the policy stands, for one of the fleet', async () => {
    const origin = { account: '2', region: 'r', stack: 's' }
    const remedies = [inlinePolicy('ours'), inlinePolicy('theirs')].map((at) => ({
      at,
      belongsIn: '',
      advice: '',
    }))
    const denial = { ...(deniedIn('a') as Parameters<typeof withPlaces>[0][number]), remedies }
    const { accounts } = fakeAccounts({})
    const places: PolicyPlaces = (policy) => (policy?.owner === 'ours' ? origin : undefined)
    const [placed] = await withPlaces([denial], places, accounts)
    expect(placed!.remedies.map((one) => one.origin)).toEqual([origin, undefined])
  })
})
