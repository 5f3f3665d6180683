/** A small fixed part of `npm run chaos`: a round of each kind, and that a loss is told. */
import { rm } from 'node:fs/promises'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { expect, test } from 'vitest'
import { ChildCloud } from './child-cloud.ts'
import { faultRound } from './faults.ts'
import { killRound } from './kills.ts'
import { Ledger } from './ledger.ts'
import { PatientAccounts } from './patient-accounts.ts'
import { Tally } from './tally.ts'
import { wireFuzz } from './wire-fuzz.ts'

const HOME = { account: '111111111111', region: 'us-east-1' }

test('what a cloud that was killed has lost is told', { timeout: 60_000 }, async () => {
  const cloud = await ChildCloud.start()
  const accounts = new PatientAccounts([HOME.account], cloud.endpoint)
  try {
    const ssm = await accounts.client(SSMClient, HOME)
    const ledger = new Ledger()
    await ssm.send(new PutParameterCommand({ Name: 'kept', Value: 'x', Type: 'String' }))
    ledger.acknowledge('PutParameter kept', async () => {
      await ssm.send(new GetParameterCommand({ Name: 'kept' }))
      return undefined
    })
    await cloud.killAndRestart()
    expect(await ledger.lost()).toEqual([])
    await cloud.killAndRestart(() => rm(cloud.data, { recursive: true }))
    expect(await ledger.lost()).toEqual([expect.stringMatching(/^PutParameter kept: ParameterNotFound/)])
  } finally {
    accounts.close()
    await cloud.stop()
  }
})

test('nothing is lost, stuck or done twice when the cloud is killed', { timeout: 120_000 }, async () => {
  const tally = new Tally('web')
  await killRound('web', 1, tally, { most: 4, calls: 60 })
  expect(tally.findings).toEqual([])
  expect(tally.counted('kills')).toBeGreaterThan(1)
  expect(tally.counted('acknowledged writes checked')).toBeGreaterThan(5)
})

test('commands end well when every tenth of their calls goes wrong', { timeout: 120_000 }, async () => {
  const tally = new Tally('faults')
  await faultRound({ seed: 1, weather: 'all of them' }, tally)
  expect(tally.findings).toEqual([])
  expect(tally.counted('faults')).toBeGreaterThan(5)
})

test('requests that nobody would send are answered with errors of the model', {
  timeout: 120_000,
}, async () => {
  const tally = new Tally('requests')
  await wireFuzz({ seed: 1, cases: 300 }, tally)
  expect(tally.findings).toEqual([])
  expect(tally.counted('cases')).toBe(300)
})
