/** examples/foreign/change-sets as its bootstrap.sh lays it, which asks for what it does not know; and its pipeline on it. */
import { describe, expect, test } from 'vitest'
import { ACCOUNTS, BUILD, changeSets, HOME, SECOND } from './change-sets-system.ts'
import { deployWithSdk, gatherOutputs, hasAwsCli, templateOf } from './foreign-system.ts'
import { openScripts } from './scripts.ts'
import { failureOf, followFirst } from './ship.ts'

const hub = { account: BUILD, region: HOME }
const profiles = { build: BUILD, dev: ACCOUNTS.Dev, test: ACCOUNTS.Test, prod: ACCOUNTS.Prod }

describe.skipIf(!hasAwsCli())('bootstrap.sh (skipped: the aws CLI is not installed)', async () => {
  const world = await openScripts(profiles, HOME)
  const deployAccount = (name: 'dev' | 'test' | 'prod', region: string) => [profiles[name], region, name]

  test('lays the foundation in four accounts and two regions', async () => {
    const text = await world.script('change-sets/bootstrap.sh', [
      'build',
      HOME,
      BUILD,
      ...deployAccount('dev', HOME),
      ...deployAccount('test', HOME),
      ...deployAccount('test', SECOND),
      ...deployAccount('prod', HOME),
      ...deployAccount('prod', SECOND),
      '',
    ])
    expect(text.match(/^Successfully created\/updated stack/gm)).toHaveLength(9)
  }, 480_000)

  test('carries the pipeline to its end', async () => {
    const pipeline = changeSets.deployments.at(-1)!
    for (const one of changeSets.deployments)
      if (one.target.account === BUILD && one !== pipeline) await gatherOutputs(one, world)
    await pipeline.before?.(world)
    expect(
      await deployWithSdk({ ...pipeline, body: templateOf(changeSets, pipeline) }, world),
    ).toBeUndefined()
    const state = await followFirst(world.accounts, hub, changeSets.pipeline)
    expect(failureOf({ state })).toBe('')
    expect(state.status).toBe('Succeeded')
  }, 60_000)
})
